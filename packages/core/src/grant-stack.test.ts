import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { dayMs, entitlements, type StackedGrant, scheduleGrant, withdrawGrant } from './index.js'
import { plans } from './plans.fixture.js'

const [basic, pro, top] = [1, 2, 3]
const names: Readonly<Record<number, string>> = { 1: 'basic', 2: 'pro', 3: 'top' }

/** `basic a 0-30`: rank, id, days from the epoch. */
function grants(...lines: string[]): StackedGrant[] {
  return lines.map((line) => {
    const [, name = '', id = '', from, to] = /^(\w+) (\w+) (-?\d+)-(\d+)$/.exec(line) ?? []
    const rank = Number(Object.entries(names).find(([, word]) => word === name)?.[0])
    return { id, rank, startsAt: Number(from) * dayMs, endsAt: Number(to) * dayMs }
  })
}

function lines(row: readonly StackedGrant[]): string[] {
  return row.map(({ id, rank, startsAt, endsAt }) => `${names[rank]} ${id} ${startsAt / dayMs}-${endsAt / dayMs}`)
}

t.test('days of a plan stand in a row, the higher plan first', async (t) => {
  for (const [name, before, rank, days, now, after] of [
    ['the first begins at once', [], pro, 30, 10, ['pro new 10-40']],
    ['one that has ended counts for nothing', ['pro a 0-10'], pro, 30, 10, ['pro new 10-40']],
    ['the same plan follows', ['pro a 0-30'], pro, 30, 10, ['pro a 0-30', 'pro new 30-60']],
    ['a lower plan follows', ['pro a 0-30'], basic, 30, 10, ['pro a 0-30', 'basic new 30-60']],
    ['a higher one interrupts what runs', ['basic a 0-30'], pro, 7, 10, ['pro new 10-17', 'basic a 0-37']],
    [
      'and pushes back what waits',
      ['basic a 0-30', 'basic b 30-60'],
      pro,
      7,
      10,
      ['pro new 10-17', 'basic a 0-37', 'basic b 37-67'],
    ],
    [
      'the same plan goes behind its own and before the lower',
      ['pro a 0-20', 'basic b 20-50'],
      pro,
      10,
      5,
      ['pro a 0-20', 'pro new 20-30', 'basic b 30-60'],
    ],
    [
      'one in the middle goes into the middle',
      ['top a 0-10', 'basic b 10-20'],
      pro,
      5,
      0,
      ['top a 0-10', 'pro new 10-15', 'basic b 15-25'],
    ],
    [
      'an interruption is interrupted',
      ['pro a 10-17', 'basic b 0-37'],
      top,
      3,
      12,
      ['top new 12-15', 'pro a 10-20', 'basic b 0-40'],
    ],
  ] as const)
    t.same(
      lines(
        scheduleGrant({
          grants: grants(...before),
          added: { id: 'new', rank, ms: days * dayMs },
          now: now * dayMs,
        }),
      ),
      after,
      name,
    )
})

t.test('a grant that is taken back gives its place, and keeps what was used', async (t) => {
  for (const [name, before, id, now, unused, after] of [
    ['alone', ['pro a 0-30'], 'a', 10, 20, []],
    ['one that ended', ['pro a 0-10'], 'a', 10, 0, []],
    ['what waited moves up', ['pro a 0-30', 'basic b 30-60'], 'a', 10, 20, ['basic b 10-40']],
    ['what was interrupted goes on', ['pro a 10-17', 'basic b 0-37'], 'a', 12, 5, ['basic b 0-32']],
    ['one that waited', ['pro a 0-30', 'basic b 30-60'], 'b', 10, 30, ['pro a 0-30']],
    [
      'one that was interrupted itself has only its own days left',
      ['top a 12-15', 'pro b 10-20', 'basic c 0-40'],
      'b',
      13,
      5,
      ['top a 12-15', 'basic c 0-35'],
    ],
    ['one that is not there', ['pro a 0-30'], 'x', 10, 0, ['pro a 0-30']],
  ] as const) {
    const { unusedMs, grants: row } = withdrawGrant({ grants: grants(...before), id, now: now * dayMs })
    t.same([unusedMs / dayMs, lines(row)], [unused, after], name)
  }
})

/** Days in which each plan is in force. */
function lived(row: readonly StackedGrant[], from: number, to: number): Record<string, number> {
  const all = row.map(({ id, rank, startsAt, endsAt }) => {
    return { id, source: 'promo' as const, planId: names[rank] ?? '', startsAt, endsAt }
  })
  const days: Record<string, number> = {}
  for (let now = from; now < to; now += dayMs) {
    const { id } = entitlements({ plans, grants: all, now })
    days[id] = (days[id] ?? 0) + 1
  }
  return days
}

t.test('no day is lost, whatever is given and when', async (t) => {
  const step = fc.record({
    wait: fc.integer({ min: 0, max: 20 }),
    rank: fc.integer({ min: 1, max: 3 }),
    days: fc.integer({ min: 1, max: 30 }),
  })
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
      let now = 0
      let all: StackedGrant[] = []
      const given: Record<string, number> = {}
      const had: Record<string, number> = {}
      const count = (of: Record<string, number>) => {
        for (const [id, days] of Object.entries(of)) had[id] = (had[id] ?? 0) + days
      }
      for (const [index, { wait, rank, days }] of steps.entries()) {
        count(lived(all, now, now + wait * dayMs))
        now += wait * dayMs
        const row = scheduleGrant({ grants: all, added: { id: `${index}`, rank, ms: days * dayMs }, now })
        all = [...all.filter(({ id }) => !row.some((each) => each.id === id)), ...row]
        given[names[rank] ?? ''] = (given[names[rank] ?? ''] ?? 0) + days
      }
      count(lived(all, now, Math.max(...all.map(({ endsAt }) => endsAt))))
      const { free: _, ...plansHad } = had
      assert.deepEqual(plansHad, given)
    }),
    { numRuns: 300 },
  )
  t.pass('300 rows')
})

t.test('giving and taking back at once changes nothing for the others', async (t) => {
  const grant = fc.record({ rank: fc.integer({ min: 1, max: 3 }), days: fc.integer({ min: 1, max: 30 }) })
  fc.assert(
    fc.property(fc.array(grant, { maxLength: 6 }), grant, fc.integer({ min: 0, max: 40 }), (some, extra, day) => {
      let row: StackedGrant[] = []
      for (const [index, { rank, days }] of some.entries())
        row = scheduleGrant({ grants: row, added: { id: `${index}`, rank, ms: days * dayMs }, now: 0 })
      const now = day * dayMs
      const before = row.filter(({ endsAt }) => endsAt > now)
      const added = { id: 'extra', rank: extra.rank, ms: extra.days * dayMs }
      const { unusedMs, grants } = withdrawGrant({
        grants: scheduleGrant({ grants: row, added, now }),
        id: 'extra',
        now,
      })
      assert.equal(unusedMs, added.ms)
      assert.deepEqual(
        grants.map(({ id, endsAt }) => [id, endsAt]),
        before.map(({ id, endsAt }) => [id, endsAt]),
      )
    }),
    { numRuns: 300 },
  )
  t.pass('300 rows')
})
