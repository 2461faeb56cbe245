import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Teardown, until } from '@sath/testkit'
import t from 'tap'
import { supervise } from './supervise.js'

function setup(t: Teardown, source: string) {
  const folder = mkdtempSync(join(tmpdir(), 'sath-supervise-'))
  const entry = join(folder, 'program.mjs')
  writeFileSync(entry, source)
  const notices: string[] = []
  const pids: number[] = []
  const supervised = supervise({ name: 'api', entry, env: { FOLDER: folder } }, join(folder, 'logs'), {
    onChild: (child) => pids.push(child.pid ?? 0),
    onNotice: (line) => notices.push(line),
  })
  t.teardown(async () => {
    await supervised.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  return { supervised, notices, pids, log: () => readFileSync(join(folder, 'logs', 'api.log'), 'utf8') }
}

const serving =
  "console.log('serving'); process.send({ sath: 'ready' }); process.on('disconnect', () => process.exit(0)); setInterval(() => {}, 1000);"

t.test('a program that is killed is started again, and its words are kept', async (t) => {
  const { supervised, pids, notices, log } = setup(t, serving)
  await supervised.ready
  process.kill(pids[0]!, 'SIGKILL')
  await until('a second child', () => pids.length === 2)
  t.match(notices, [/The api ended \(SIGKILL\); starting it again/])
  await until('both children have spoken', () => log() === 'serving\nserving\n')
})

t.test('a reason it gives for not starting is the error', async (t) => {
  const { supervised, pids } = setup(
    t,
    "process.send({ sath: 'fatal', message: 'No Docker here.' }, () => process.exit(1))",
  )
  await t.rejects(supervised.ready, { name: 'StartError', message: 'No Docker here.' })
  t.equal(pids.length, 1, 'and it is not tried again')
})

t.test('a program that keeps dying before it serves ends the start', async (t) => {
  const { supervised, pids } = setup(t, 'process.exit(3)')
  await t.rejects(supervised.ready, { name: 'StartError', message: /could not start; its log says why/ })
  t.equal(pids.length, 5)
})

t.test('stop asks first and is not undone by a restart', async (t) => {
  const { supervised, pids, notices } = setup(
    t,
    `process.on('SIGTERM', () => { console.log('closing'); process.exit(0) }); ${serving}`,
  )
  await supervised.ready
  await supervised.stop()
  t.throws(() => process.kill(pids[0]!, 0), { code: 'ESRCH' })
  t.same([pids.length, notices], [1, []])
})

t.test('children end when the launcher is gone', async (t) => {
  const { supervised, pids } = setup(t, serving)
  await supervised.ready
  supervised.child?.disconnect()
  await until('a second child', () => pids.length === 2)
  t.pass('it ended by itself, and the supervisor met it as a death')
})
