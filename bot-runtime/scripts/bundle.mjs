// Bundles the compiled bot into one file: node bot-runtime/scripts/bundle.mjs (after tsc -b). The same sources give the
// same bytes wherever they lie, because the image is tagged by content.
import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const room = fileURLToPath(new URL('..', import.meta.url))
const target = join(room, 'dist/bot.cjs')
const placeholder = '@bundle-identity'
const { version } = JSON.parse(await readFile(join(room, 'package.json'), 'utf8'))

const { outputFiles, metafile } = await build({
  entryPoints: [join(room, 'build/main.js')],
  absWorkingDir: room,
  outfile: target,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // Names stay: a stack trace in a subscriber's log should say something.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  define: { SATH_BUNDLE: JSON.stringify(placeholder) },
  metafile: true,
  write: false,
})
const text = outputFiles[0].text
const identity = `${version}+${createHash('sha256').update(text).digest('hex').slice(0, 12)}`
const bytes = text.replaceAll(placeholder, identity)

await mkdir(dirname(target), { recursive: true })
// Whoever reads the bundle while it is made anew sees the old one or the new one, never half of one.
const unfinished = `${target}.${process.pid}`
await writeFile(unfinished, bytes)
await rename(unfinished, target)

const inputs = Object.entries(Object.values(metafile.outputs)[0].inputs)
const byPackage = new Map()
for (const [path, { bytesInOutput }] of inputs) {
  const name = path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/)?.[1] ?? path.split('/build/')[0]
  byPackage.set(name, (byPackage.get(name) ?? 0) + bytesInOutput)
}
for (const [name, size] of [...byPackage].sort((a, b) => b[1] - a[1])) {
  process.stdout.write(`${String(size).padStart(8)}  ${name}\n`)
}
process.stdout.write(`${relative(process.cwd(), target)}: ${identity}, ${Buffer.byteLength(bytes)} bytes\n`)
