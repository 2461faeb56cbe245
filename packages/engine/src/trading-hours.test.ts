import t from 'tap'
import { isWithin } from './index.js'

t.test('trading hours follow the wall clock of their time zone', async (t) => {
  const weekdays = [1, 2, 3, 4, 5]
  const madrid = { timezone: 'Europe/Madrid', days: weekdays, start: '08:00', end: '18:00' }
  const night = { timezone: 'UTC', days: [5], start: '22:00', end: '02:00' }
  const cases: [string, Parameters<typeof isWithin>[0], string, boolean][] = [
    ['winter, 08:00 local', madrid, '2024-03-29T07:00Z', true],
    ['winter, 07:59 local', madrid, '2024-03-29T06:59Z', false],
    ['summer, 08:00 local', madrid, '2024-04-01T06:00Z', true],
    ['summer, 18:00 local is out', madrid, '2024-04-01T16:00Z', false],
    ['Sunday', { ...madrid, days: weekdays }, '2024-03-31T10:00Z', false],
    ['Sunday is 7', { ...madrid, days: [7] }, '2024-03-31T10:00Z', true],
    [
      'local weekday, not that of UTC',
      { timezone: 'Asia/Tokyo', days: [1], start: '00:00', end: '09:00' },
      '2024-03-31T15:00Z',
      true,
    ],
    [
      'the hour that summer time skips',
      { ...madrid, days: [7], start: '02:30', end: '03:30' },
      '2024-03-31T01:15Z',
      true,
    ],
    [
      'the hour that winter time repeats, first',
      { ...madrid, days: [7], start: '02:00', end: '03:00' },
      '2024-10-27T00:30Z',
      true,
    ],
    [
      'the hour that winter time repeats, second',
      { ...madrid, days: [7], start: '02:00', end: '03:00' },
      '2024-10-27T01:30Z',
      true,
    ],
    ['across midnight, the first minute', night, '2024-03-29T22:00Z', true],
    ['across midnight, before', night, '2024-03-29T23:00Z', true],
    ['across midnight, after: the day it started', night, '2024-03-30T01:59Z', true],
    ['across midnight, over', night, '2024-03-30T02:00Z', false],
    ['across midnight, the night before', night, '2024-03-29T01:00Z', false],
    ['Sunday night into Monday', { ...night, days: [7] }, '2024-04-01T01:00Z', true],
    ['round the clock', { ...night, start: '00:00', end: '00:00' }, '2024-03-29T12:00Z', true],
    [
      'Buenos Aires',
      { timezone: 'America/Argentina/Buenos_Aires', days: weekdays, start: '08:00', end: '18:00' },
      '2024-03-29T11:00Z',
      true,
    ],
  ]
  for (const [name, hours, time, expected] of cases) t.equal(isWithin(hours, Date.parse(time)), expected, name)
})
