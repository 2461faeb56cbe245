import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Teardown } from '@sath/testkit'

/** What the bundle in a bot's place does; it reads this word from a file beside its socket. */
export type Behaviour =
  | 'obeys'
  | 'exits-3'
  | 'ignores-sigterm'
  | 'eats-memory'
  | 'child-eats-memory'
  | 'floods'
  | 'proves'
  | 'exits-0-late'

/** A bundle in a bot's place: no session, one habit, and exit code 3 on SIGUSR2. Says `ready` once its handlers are there. */
const source = `
const { existsSync, readFileSync, writeFileSync, readdirSync } = require('node:fs')
const { dirname } = require('node:path')
const dir = dirname(process.argv[2] || '/run/sath/bot.sock')
const behaviour = readFileSync(dir + '/behaviour', 'utf8')
const say = (line) => process.stdout.write(line + '\\n')
const alive = setInterval(() => {}, 1000)
const flat = () => { say('flat'); process.exit(0) }
if (behaviour === 'ignores-sigterm') process.on('SIGTERM', () => say('no'))
else if (behaviour === 'exits-0-late') process.on('SIGTERM', () => setTimeout(flat, 700))
else if (behaviour === 'child-eats-memory') process.on('SIGTERM', () => setInterval(() => { if (existsSync(dir + '/go')) flat() }, 20))
else process.on('SIGTERM', () => { say('bye'); process.exit(0) })
process.on('SIGUSR2', () => process.exit(3))
say('ready')
say(JSON.stringify({ level: 40, time: Date.now(), msg: 'as JSON', pid: 1, answer: 42 }))
if (behaviour === 'exits-3') process.exit(3)
const eat = 'const held = []; setInterval(() => held.push(Buffer.alloc(16 << 20, 1)), 5)'
if (behaviour === 'eats-memory') eval(eat)
if (behaviour === 'child-eats-memory') {
  const init = readFileSync('/proc/1/comm', 'utf8').trim()
  const child = require('node:child_process').spawn(process.execPath, ['-e', eat], { stdio: 'ignore' })
  child.on('exit', (code, signal) => say(JSON.stringify({ msg: 'child ended', signal, init, pid: process.pid })))
}
if (behaviour === 'floods') {
  const tiny = 'x\\n'.repeat(16384), long = 'x'.repeat(1 << 20), binary = Buffer.from([0, 255, 254, 10, 0xc3, 0x28, 10])
  let turn = 0
  const flood = () => { while (process.stdout.write([tiny, long, binary][turn++ % 3])); process.stdout.once('drain', flood) }
  flood()
}
if (behaviour === 'proves') {
  const attempt = (run) => { try { run(); return 'done' } catch (error) { return error.code } }
  say(JSON.stringify({ msg: 'proof',
    status: readFileSync('/proc/self/status', 'utf8'),
    root: attempt(() => writeFileSync('/x', '')), socketDir: attempt(() => writeFileSync(dir + '/x', '')),
    app: attempt(() => writeFileSync('/app/x', '')), shm: attempt(() => writeFileSync('/dev/shm/x', '')),
    interfaces: readdirSync('/sys/class/net'), env: process.env, uid: process.getuid() }))
}
`

/** Writes the bundle into a directory of the test's own. Each version is another image. */
export function testBundle(t: Teardown, version = ''): string {
  const dir = mkdtempSync(join(tmpdir(), 'sath-bundle-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  const file = join(dir, 'bot.cjs')
  writeFileSync(file, version ? `// ${version}\n${source}` : source)
  return file
}

/** Lets the bot of a run end that was asked to stop and waits: `child-eats-memory`. */
export function letGo(root: string, runId: string): void {
  writeFileSync(join(root, runId, 'go'), '')
}

/** A run's socket directory with a habit in it, below a root of the test's own. */
export function habitDir(root: string, runId: string, behaviour: Behaviour): string {
  const dir = join(root, runId)
  mkdirSync(dir, { recursive: true, mode: 0o711 })
  writeFileSync(join(dir, 'behaviour'), behaviour)
  return dir
}

export function scratchDir(t: Teardown, name: string): string {
  const dir = mkdtempSync(join(tmpdir(), `sath-${name}-`))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}
