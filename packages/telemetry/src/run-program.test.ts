import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const program = fileURLToPath(new URL('./run-program.fixture.js', import.meta.url))

function start(what = 'stays') {
  const child = fork(program, [what], { silent: true })
  t.teardown(() => child.kill('SIGKILL'))
  const said = { told: [] as unknown[], stdout: '', stderr: '' }
  child.on('message', (message) => said.told.push(message))
  const { stdout, stderr } = child
  if (!stdout || !stderr) throw new Error('nothing to read')
  stdout.on('data', (chunk) => (said.stdout += chunk))
  stderr.on('data', (chunk) => (said.stderr += chunk))
  const all = Promise.all([once(child, 'exit'), once(stdout, 'end'), once(stderr, 'end')])
  return { child, said, exited: all.then(([exit]) => exit) }
}

/** The exit code and what was printed of a program that is ended so. */
async function ended(by: (child: ChildProcess) => void) {
  const { child, said, exited } = start()
  await once(child, 'message')
  by(child)
  return [...(await exited), said.stdout]
}

t.test('a program that is told to end closes in reverse, whatever does not close, and exits 0', async (t) => {
  const reverse = 'second\nfirst\n'
  t.same(await ended((child) => child.kill('SIGTERM')), [0, null, reverse])
  t.same(await ended((child) => child.kill('SIGINT')), [0, null, reverse])
  t.same(await ended((child) => child.disconnect()), [0, null, reverse], 'nobody outlives the launcher')
  const twice = await ended((child) => {
    child.kill('SIGTERM')
    child.kill('SIGINT')
  })
  t.same(twice, [0, null, reverse], 'once')
})

t.test('a program whose launcher is gone before it begins does not begin', async (t) => {
  const { child, said, exited } = start()
  child.disconnect()
  t.same(await exited, [0, null])
  t.equal(said.stdout, '')
})

t.test('a failure that is explained is told and said in one sentence', async (t) => {
  const { said, exited } = start('fails')
  t.same(await exited, [1, null])
  t.same(said, { told: [{ sath: 'fatal', message: 'no room' }], stdout: 'second\nfirst\n', stderr: 'no room\n' })
})

t.test('another failure leaves its stack, and the launcher tries again', async (t) => {
  const { said, exited } = start('breaks')
  t.same(await exited, [1, null])
  t.same(said.told, [])
  t.match(said.stderr, /^Error: a bug\n {4}at /)
})
