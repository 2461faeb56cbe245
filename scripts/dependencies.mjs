import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { root, runNode, runStep, say } from './step.mjs'

const tools = join(root, '.tools')
const pnpm = join(tools, 'node_modules/pnpm/bin/pnpm.cjs')
const stamp = join(tools, 'installed')

/** Installs the dependencies exactly as locked, unless that was done since the lock file last changed. */
export async function installDependencies() {
  const wanted = await lockHash()
  const installed = await readFile(stamp, 'utf8').catch(() => '')
  if (installed === wanted && existsSync(join(root, 'node_modules/.modules.yaml'))) return
  await fetchPnpm()
  say('Installing dependencies …')
  await runNode('The dependencies could not be installed: is the npm registry reachable?', pnpm, [
    'install',
    '--frozen-lockfile',
    '--reporter=append-only',
    // There is nobody to ask.
    '--config.confirmModulesPurge=false',
  ])
  await writeFile(stamp, wanted)
}

async function lockHash() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`)
  for (const name of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) hash.update(await readFile(join(root, name)))
  return hash.digest('hex')
}

/** Brings the version of pnpm that package.json names into .tools, with the npm that started us. */
async function fetchPnpm() {
  const { packageManager } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const version = packageManager.replace('pnpm@', '')
  const present = await readFile(join(tools, 'node_modules/pnpm/package.json'), 'utf8').catch(() => '{}')
  if (JSON.parse(present).version === version) return
  say(`Fetching pnpm ${version} …`)
  await mkdir(tools, { recursive: true })
  const failure = `pnpm ${version} could not be fetched: is the npm registry reachable?`
  const args = [
    'install',
    '--prefix',
    tools,
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--save-exact',
    `pnpm@${version}`,
  ]
  const npm = process.env.npm_execpath
  if (npm && basename(npm) === 'npm-cli.js') await runNode(failure, npm, args)
  else await runStep(failure, 'npm', args)
}
