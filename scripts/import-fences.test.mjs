/** The linter's fences between the programs' powers hold, each tried from outside and from the one room it lets in. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Whether the linter refuses a file of this name that does nothing but import. */
function refuses(name, path) {
  const lint = ['node_modules/@biomejs/biome/bin/biome', 'lint', `--stdin-file-path=${path}`]
  const input = `import * as it from '${name}'\n\nexport const all = it\n`
  return spawnSync(process.execPath, lint, { cwd: root, input }).status !== 0
}

const fences = [
  [
    'dockerode',
    'orchestrator/src/engines/x.ts',
    ['orchestrator/src/x.ts', 'api/src/x.ts', 'gateway/src/x.ts', 'standalone/src/x.ts'],
  ],
  [
    '@sath/vault/open',
    'gateway/src/x.ts',
    ['api/src/x.ts', 'orchestrator/src/engines/x.ts', 'bot-runtime/src/x.ts', 'standalone/src/x.ts'],
  ],
  ['ccxt', 'packages/feeds/src/binance-x.ts', ['packages/feeds/src/x.ts', 'gateway/src/x.ts', 'bot-runtime/src/x.ts']],
  ['libsodium-wrappers', 'packages/vault/src/x.ts', ['api/src/x.ts', 'gateway/src/x.ts']],
]

for (const [name, home, others] of fences) {
  t.test(`${name} is imported in one place only`, async (t) => {
    t.notOk(refuses(name, home), home)
    for (const path of others) t.ok(refuses(name, path), path)
  })
}
