import t from 'tap'
import { backOffMs } from './back-off.js'
import { vitals } from './vitals.js'

t.test('shows a freeze, and the work since the last look', async (t) => {
  const read = vitals()
  const busyFor = (ms: number) => {
    const end = performance.now() + ms
    while (performance.now() < end);
  }
  busyFor(700)
  const frozen = read()
  t.ok(frozen.loopLagMs >= 200 && frozen.loopLagMs < 5_000, `${frozen.loopLagMs} ms late, seen before any probe ran`)
  t.ok(frozen.cpuPercent > 10, `${frozen.cpuPercent} % of a core`)
  t.ok(frozen.rssBytes > frozen.heapUsedBytes)
  await new Promise((resolve) => setTimeout(resolve, 1))
  t.ok(read().loopLagMs >= 200, 'the late probe itself counts too')
})

t.test('waits 100 ms doubling to 2 s, with jitter', async (t) => {
  t.same(
    [0, 1, 2, 3, 4, 5, 50].map((failures) => backOffMs(failures, 1)),
    [100, 200, 400, 800, 1_600, 2_000, 2_000],
  )
  t.equal(backOffMs(0, 0), 50)
})
