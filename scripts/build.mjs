/** `node scripts/build.mjs`: builds everything that has changed since the last build. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root, runNode, StepError, say } from './step.mjs'

const stamps = join(root, '.tools/built.json')

/** @throws StepError with the compiler's words */
export async function build() {
  const rooms = await projectRooms()
  await bringUpToDate({
    name: 'programs',
    inputs: ['tsconfig.json', 'tsconfig.base.json', ...rooms],
    outputs: rooms.map((room) => `${room}/build`),
    run: () => compile(rooms),
  })
  await bringUpToDate({
    name: 'dashboard',
    inputs: ['dashboard', 'packages/contracts', 'packages/core'],
    outputs: ['dashboard/dist/index.html'],
    run: bundleDashboard,
  })
}

/**
 * Builds what the command line needs and no more.
 *
 * @throws StepError with the compiler's words
 */
export async function buildCommandLine() {
  const rooms = await roomsBehind('cli')
  await bringUpToDate({
    name: 'command line',
    inputs: ['tsconfig.base.json', ...rooms],
    outputs: rooms.map((room) => `${room}/build`),
    run: compileCommandLine,
  })
}

/** Runs a step unless its inputs are those of its last run and its outputs are there. */
async function bringUpToDate({ name, inputs, outputs, run }) {
  const done = JSON.parse(await readFile(stamps, 'utf8').catch(() => '{}'))
  const fingerprint = await fingerprintOf(inputs)
  if (done[name] === fingerprint && outputs.every((path) => existsSync(join(root, path)))) return
  await run()
  await mkdir(join(root, '.tools'), { recursive: true })
  await writeFile(stamps, JSON.stringify({ ...done, [name]: fingerprint }))
}

/** The directories that the root tsconfig.json refers to. */
async function projectRooms() {
  return (await references('.')).map((path) => path.replace(/\/[^/]*\.json$/, ''))
}

/** A room and all that it is built on. */
async function roomsBehind(room, found = new Set()) {
  if (found.has(room)) return [...found]
  found.add(room)
  for (const path of await references(room)) await roomsBehind(join(room, path), found)
  return [...found]
}

async function references(room) {
  const { references = [] } = JSON.parse(await readFile(join(root, room, 'tsconfig.json'), 'utf8'))
  return references.map(({ path }) => path)
}

async function compile(rooms) {
  say('Building the programs …')
  await Promise.all(rooms.map((room) => removeOrphanedTests(join(root, room))))
  await runNode('The programs could not be built', 'node_modules/typescript/bin/tsc', ['-b'])
  if (existsSync(join(root, 'bot-runtime/scripts/bundle.mjs'))) {
    await runNode('The bot could not be bundled', 'bot-runtime/scripts/bundle.mjs')
  }
}

async function compileCommandLine() {
  say('Building the command line …')
  await runNode('The command line could not be built', 'node_modules/typescript/bin/tsc', ['-b', 'cli'])
}

async function bundleDashboard() {
  if (!existsSync(join(root, 'dashboard/index.html'))) return
  say('Building the dashboard …')
  await runNode('The dashboard could not be built', join(root, 'dashboard/node_modules/vite/bin/vite.js'), ['build'], {
    cwd: join(root, 'dashboard'),
  })
}

/** The compiler leaves the output of a source that is gone, and a test that is gone must not run. */
async function removeOrphanedTests(room) {
  const built = join(room, 'build')
  const outputs = await readdir(built, { recursive: true }).catch(() => [])
  for (const output of outputs.filter((path) => path.endsWith('.test.js'))) {
    const source = output.replace(/\.js$/, '.ts')
    if (existsSync(join(room, 'src', source)) || existsSync(join(room, source))) continue
    await rm(join(built, output))
    // The compiler believes what it wrote down; without the note it looks again.
    await rm(join(room, 'tsconfig.tsbuildinfo'), { force: true })
  }
}

/** Changes when a file below the paths appears, goes, or gets another size or time. */
async function fingerprintOf(paths) {
  const hash = createHash('sha256').update(process.versions.node)
  for (const path of paths) await add(hash, join(root, path))
  return hash.digest('hex')
}

const notSources = new Set(['node_modules', 'build', 'dist', '.tap'])

async function add(hash, path) {
  const found = await stat(path).catch(() => undefined)
  if (!found) return
  if (found.isDirectory()) {
    const names = (await readdir(path)).filter((name) => !notSources.has(name) && !name.endsWith('.tsbuildinfo'))
    for (const name of names.sort()) await add(hash, join(path, name))
  } else {
    hash.update(`${relative(root, path)} ${found.size} ${found.mtimeMs}\n`)
  }
}

if (process.argv[1] && pathToFileURL(process.argv[1]).href === import.meta.url) {
  await build().catch((error) => {
    if (!(error instanceof StepError)) throw error
    console.error(error.message)
    process.exitCode = 1
  })
}
