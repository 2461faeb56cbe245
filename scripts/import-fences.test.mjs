/** The linter's fences between the programs' powers hold, each tried from outside and from the one room it lets in. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Whether our rules refuse a file of this name that does nothing but import; tried outside of the repository. */
function refuses(name, path) {
  const folder = mkdtempSync(join(tmpdir(), 'sath-fence-'))
  try {
    const config = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'))
    writeFileSync(join(folder, 'biome.json'), JSON.stringify({ ...config, vcs: { enabled: false } }))
    mkdirSync(join(folder, dirname(path)), { recursive: true })
    writeFileSync(join(folder, path), `import { it } from '${name}'\n\nexport const all = [it]\n`)
    const biome = [join(root, 'node_modules/@biomejs/biome/bin/biome'), 'lint', '--colors=off', path]
    const { stdout, stderr } = spawnSync(process.execPath, biome, { cwd: folder, encoding: 'utf8' })
    const said = `${stdout}${stderr}`
    if (!said.includes('Checked 1 file')) throw new Error(`not linted: ${said}`)
    return said.includes('noRestrictedImports')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const fences = [
  [
    'dockerode',
    'orchestrator/src/engines/x.ts',
    ['orchestrator/src/x.ts', 'api/src/x.ts', 'api/src/billing/x.ts', 'gateway/src/x.ts', 'standalone/src/x.ts'],
  ],
  [
    '@sath/vault/open',
    'gateway/src/x.ts',
    [
      'api/src/x.ts',
      'api/src/billing/x.ts',
      'orchestrator/src/engines/x.ts',
      'bot-runtime/src/x.ts',
      'standalone/src/x.ts',
    ],
  ],
  ['ccxt', 'packages/feeds/src/binance-x.ts', ['packages/feeds/src/x.ts', 'gateway/src/x.ts', 'bot-runtime/src/x.ts']],
  [
    'stripe',
    'packages/testkit/src/stripe/x.ts',
    ['packages/testkit/src/x.ts', 'gateway/src/x.ts', 'api/src/routes/x.ts'],
  ],
  ['stripe', 'api/src/billing/x.ts', ['api/src/x.ts', 'worker/src/x.ts', 'orchestrator/src/engines/x.ts']],
  ['libsodium-wrappers', 'packages/vault/src/x.ts', ['api/src/x.ts', 'gateway/src/x.ts']],
]

for (const [name, home, others] of fences) {
  t.test(`${name} is imported in one place only`, async (t) => {
    t.notOk(refuses(name, home), home)
    for (const path of others) t.ok(refuses(name, path), path)
  })
}
