import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { coldCopy } from './cold-copy.js'
import { explain } from './errors.js'
import { readPostmaster, servesDirectory, waitForExit } from './postmaster.js'
import { isAlive } from './processes.js'
import { startPostgres } from './start-postgres.js'

interface T {
  teardown(run: () => unknown): void
}

function newHome(t: T, parentMode = 0o755): string {
  const directory = mkdtempSync(join(tmpdir(), 'sath-pg-'))
  chmodSync(directory, parentMode)
  t.teardown(() => {
    const data = join(directory, 'home', 'postgres', 'data')
    if (existsSync(data)) {
      const real = realpathSync(data)
      rmSync(real.startsWith(realpathSync(directory)) ? real : dirname(real), { recursive: true, force: true })
    }
    rmSync(directory, { recursive: true, force: true })
  })
  return join(directory, 'home')
}

async function start(t: T, home: string) {
  const server = await startPostgres({ home, durable: false, maxConnections: 10 })
  t.teardown(() => server.stop())
  return server
}

/** A launcher in a process of its own, to be killed; begun, not waited for. */
function beginElsewhere(t: T, home: string): ChildProcess {
  const module = fileURLToPath(new URL('./start-postgres.js', import.meta.url))
  const script = `const { startPostgres } = await import(${JSON.stringify(module)})
    await startPostgres({ home: ${JSON.stringify(home)}, durable: false, maxConnections: 10 })
    console.log('ready'); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  t.teardown(() => child.kill('SIGKILL'))
  return child
}

async function startElsewhere(t: T, home: string): Promise<ChildProcess> {
  const child = beginElsewhere(t, home)
  await once(child.stdout!, 'data')
  return child
}

/** A home whose launcher was killed while its initdb was at work. One whose initdb was too fast for us is left. */
async function killedInItsInitdb(t: T): Promise<string> {
  const home = newHome(t)
  const launcher = beginElsewhere(t, home)
  const directory = join(home, 'postgres')
  const halves = () =>
    existsSync(directory) ? readdirSync(directory).filter((name) => name.startsWith('data.new')) : []
  const isMissed = () => existsSync(join(directory, 'data'))
  while (!halves().some((name) => existsSync(join(directory, name, 'base'))) && !isMissed()) await delay(2)
  launcher.kill('SIGKILL')
  await once(launcher, 'exit')
  if (!isMissed()) return home
  await (await start(t, home)).stop()
  return await killedInItsInitdb(t)
}

/** One cluster for all tests that leave it in order. */
const home = newHome(t)

t.test('serves on loopback, stops, and starts again on the same data', async (t) => {
  const first = await start(t, home)
  t.ok(await servesDirectory(readPostmaster(first.dataDirectory)!, first.dataDirectory))
  t.match(first.url('other'), new RegExp(`^postgres://sath:[\\w-]{32}@127.0.0.1:${first.port}/other$`))
  t.equal(statSync(join(home, 'postgres', 'password')).mode & 0o777, 0o600)
  t.equal(statSync(first.dataDirectory).mode & 0o777, 0o700)
  await t.rejects(startPostgres({ home }), { code: 'already-running' }, 'a second start on one home is refused')
  await first.stop()
  await first.stop()
  t.notOk(isAlive(first.pid))
  const second = await start(t, home)
  t.equal(new URL(second.url()).password, new URL(first.url()).password)
})

t.test('survives a Ctrl-C in our terminal, and is stopped properly by the next start after a kill -9', async (t) => {
  const launcher = await startElsewhere(t, home)
  const dataDirectory = join(home, 'postgres', 'data')
  const { pid } = readPostmaster(dataDirectory)!
  process.kill(-launcher.pid!, 'SIGINT')
  await once(launcher, 'exit')
  t.ok(isAlive(pid), 'the signal for the whole process group did not reach the server')
  const warnings: object[] = []
  const server = await startPostgres({
    home,
    durable: false,
    log: { info() {}, warn: (fields) => warnings.push(fields) },
  })
  t.teardown(() => server.stop())
  t.match(warnings, [{ leftover: 'stopped' }])
  t.notOk(isAlive(pid))
  const log = readFileSync(join(home, 'postgres', 'server.log'), 'utf8')
  t.notMatch(log, /automatic recovery/, 'the old server had time for its checkpoint')
})

t.test('starts after launcher and server were killed together', async (t) => {
  const launcher = await startElsewhere(t, home)
  const { pid } = readPostmaster(join(home, 'postgres', 'data'))!
  process.kill(-launcher.pid!, 'SIGKILL')
  process.kill(pid, 'SIGKILL')
  await once(launcher, 'exit')
  t.ok(await waitForExit(pid, 60_000))
  const server = await start(t, home)
  t.match(readFileSync(join(home, 'postgres', 'server.log'), 'utf8'), /automatic recovery/)
  t.ok(isAlive(server.pid))
})

t.test('leaves a stranger alone whose process number the old note carries', async (t) => {
  const first = await start(t, home)
  await first.stop()
  const stranger = spawn('sleep', ['60'])
  t.teardown(() => stranger.kill())
  writeFileSync(
    join(first.dataDirectory, 'postmaster.pid'),
    `${stranger.pid}\n${first.dataDirectory}\n1\n5432\n\n127.0.0.1\n`,
  )
  await start(t, home)
  t.ok(isAlive(stranger.pid!))
})

t.test('begins anew after an interrupted first start', async (t) => {
  const home = newHome(t)
  mkdirSync(join(home, 'postgres', 'data.new', 'base'), { recursive: true })
  const server = await start(t, home)
  t.notOk(existsSync(`${server.dataDirectory}.new`))
})

t.test('begins anew while the initdb of a killed start is still at work', async (t) => {
  const home = await killedInItsInitdb(t)
  const server = await start(t, home)
  await server.stop()
  t.ok((await start(t, home)).pid, 'and its end takes nothing of ours with it')
})

t.test('finds a place for the data when only root can enter the home', async (t) => {
  if (process.getuid?.() !== 0) return t.pass('only root', { skip: 'needs root' })
  const server = await start(t, newHome(t, 0o700))
  t.match(server.dataDirectory, /^\/var\/lib\/sath\//)
  t.not(statSync(server.dataDirectory).uid, 0)
})

t.test('copies a stopped cluster, never a running one', async (t) => {
  const server = await start(t, home)
  const copy = join(home, 'copies', 'one')
  t.throws(() => coldCopy(server.dataDirectory, copy), /still runs/)
  await server.stop()
  coldCopy(server.dataDirectory, copy)
  t.equal(statSync(copy).uid, statSync(server.dataDirectory).uid, 'with its owner')
  t.ok(existsSync(join(copy, 'global', 'pg_control')))
  t.throws(() => coldCopy(server.dataDirectory, copy), /exists already/)
})

t.test('names a full disk', async (t) => {
  const error = explain('start', '/data', 'FATAL:  could not write lock file "postmaster.pid": No space left on device')
  t.match(error, { code: 'disk-full', message: /^The disk that holds \/data is full/ })
})

t.test('says in one sentence that the data are of another version', async (t) => {
  const server = await start(t, home)
  await server.stop()
  writeFileSync(join(server.dataDirectory, 'PG_VERSION'), '14\n')
  await t.rejects(startPostgres({ home }), { code: 'other-version', message: /made by PostgreSQL 14/ })
})
