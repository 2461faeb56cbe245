import { openDatabase } from '@sath/db'
import { openTestDatabase } from '@sath/db/testing'
import { tcpProxy } from '@sath/testkit'
import t from 'tap'
import { onlyOne } from './only-one.js'

const quick = { waitMs: 0, checkMs: 20 }

t.test('one orchestrator at a time runs child processes', async (t) => {
  const { url } = await openTestDatabase(t)
  const [one, two] = [openDatabase(url), openDatabase(url)]
  t.teardown(() => Promise.all([one.close(), two.close()]))
  const lost = () => t.fail('not lost')
  const first = await onlyOne(one, lost, quick)
  t.ok(first)
  t.equal(await onlyOne(two, lost, quick), undefined)
  await first?.close()
  const second = await onlyOne(two, lost, quick)
  t.ok(second, 'once the first one has gone')
  await second?.close()
})

t.test('who lost the line, and meanwhile the right, is told', async (t) => {
  const { url } = await openTestDatabase(t)
  const { hostname, port } = new URL(url)
  const line = await tcpProxy(t, { host: hostname, port: Number(port) })
  const through = new URL(url)
  through.port = String(line.port)
  const [one, two] = [openDatabase(through.href), openDatabase(url)]
  t.teardown(() => Promise.all([one.close(), two.close()]))
  let tell = () => {}
  const told = new Promise<void>((resolve) => {
    tell = resolve
  })
  const first = await onlyOne(one, tell, quick)
  line.cut()
  const second = await onlyOne(two, () => t.fail('not lost'), { ...quick, waitMs: 10_000 })
  t.ok(second, 'the other one has it')
  line.heal()
  await told
  await first?.close()
  await second?.close()
})
