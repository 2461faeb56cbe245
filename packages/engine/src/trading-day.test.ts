import fc from 'fast-check'
import t from 'tap'
import { calendar } from './trading-day.js'

const hourMs = 3_600_000
const at = (text: string) => Date.parse(text)

t.test('a day begins and ends where the date on the wall changes', async (t) => {
  const cases: [string, zone: string, within: string, from: string, hours: number][] = [
    ['UTC', 'UTC', '2024-03-10T12:00Z', '2024-03-10T00:00Z', 24],
    ['the first instant is of the day', 'UTC', '2024-03-10T00:00Z', '2024-03-10T00:00Z', 24],
    ['the last ms is of the day', 'UTC', '2024-03-10T23:59:59.999Z', '2024-03-10T00:00Z', 24],
    ['ahead of UTC', 'Asia/Kolkata', '2024-03-10T18:29Z', '2024-03-09T18:30Z', 24],
    ['from local midnight on', 'Asia/Kolkata', '2024-03-10T18:30Z', '2024-03-10T18:30Z', 24],
    ['behind UTC', 'America/New_York', '2024-01-10T04:59Z', '2024-01-09T05:00Z', 24],
    ['clocks go forward', 'Europe/Madrid', '2024-03-31T12:00Z', '2024-03-30T23:00Z', 23],
    ['clocks go back', 'Europe/Madrid', '2024-10-27T12:00Z', '2024-10-26T22:00Z', 25],
    ['by half an hour', 'Australia/Lord_Howe', '2024-04-07T00:00Z', '2024-04-06T13:00Z', 24.5],
    ['there was no midnight', 'America/Sao_Paulo', '2018-11-04T12:00Z', '2018-11-04T03:00Z', 23],
    ['there were two', 'America/Sao_Paulo', '2018-02-18T02:30Z', '2018-02-17T02:00Z', 25],
    ['after a day that was left out', 'Pacific/Apia', '2011-12-30T12:00Z', '2011-12-30T10:00Z', 24],
  ]
  for (const [name, zone, within, from, hours] of cases) {
    const day = calendar(zone)(at(within))
    t.same(day, { from: at(from), to: at(from) + hours * hourMs }, `${name}: ${new Date(day.from).toISOString()}`)
  }
  t.throws(() => calendar('Mars/Olympus'), RangeError)
})

t.test('days follow each other without a hole, whatever was asked before', async (t) => {
  const zones = fc.constantFrom('Europe/Madrid', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Africa/Casablanca')
  const times = fc.array(fc.integer({ min: at('2015-01-01'), max: at('2026-01-01') }), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(zones, times, (zone, asked) => {
      const dayOf = calendar(zone)
      for (const time of asked) {
        const day = dayOf(time)
        t.ok(day.from <= time && time < day.to)
        t.equal(dayOf(day.to).from, day.to)
        t.equal(dayOf(day.from - 1).to, day.from)
      }
    }),
    { numRuns: 40 },
  )
})

t.test('a day is the same whether the one before it is remembered or not', async (t) => {
  const day = 24 * hourMs
  for (const zone of ['Europe/Madrid', 'America/Sao_Paulo', 'Australia/Lord_Howe']) {
    const [following, leaping] = [calendar(zone), calendar(zone)]
    for (let time = at('2017-09-15'); time < at('2018-05-01'); ) {
      const expected = calendar(zone)(time)
      t.same(following(time), expected)
      // From the end of a day, a day further: most often right where the one after it ends.
      t.same(leaping(expected.from - 1), calendar(zone)(expected.from - 1))
      t.same(leaping(expected.from + day), calendar(zone)(expected.from + day))
      time = expected.to
    }
  }
})
