import t from 'tap'
import { type LadderInput, previewLadder } from './ladder.js'

const classic: LadderInput = {
  plan: 'classic',
  ladder: 'single',
  stake: '1.00',
  multiplier: '2.0',
  maxLevel: 2,
  symbols: 1,
}

t.test('shows every level and what is lost by then', async (t) => {
  const preview = previewLadder(classic, '100.00', '5')
  t.same(preview?.levels, [
    { level: 0, stake: '1.00', lost: '1.00', overCap: false },
    { level: 1, stake: '2.00', lost: '3.00', overCap: false },
    { level: 2, stake: '4.00', lost: '7.00', overCap: false },
  ])
  t.match(preview, { ladders: 1, perLadder: '7.00', total: '7.00', overCapital: false })
})

const cases: readonly [string, Partial<LadderInput>, readonly string[], string][] = [
  ['no martingale', { plan: 'none' }, ['1.00'], '1.00'],
  ['a dual ladder counts twice', { ladder: 'dual' }, ['1.00', '2.00', '4.00'], '14.00'],
  ['every symbol has its ladders', { ladder: 'dual', symbols: 3 }, ['1.00', '2.00', '4.00'], '42.00'],
  [
    'each level is rounded, not what it grows from',
    { stake: '0.15', multiplier: '1.1' },
    ['0.15', '0.17', '0.18'],
    '0.50',
  ],
  [
    'no binary fractions creep in',
    { stake: '0.10', multiplier: '3', maxLevel: 4 },
    ['0.10', '0.30', '0.90', '2.70', '8.10'],
    '12.10',
  ],
  ['break-even rounds up', { plan: 'break-even' }, ['1.00', '1.25', '2.82'], '5.07'],
  ['target wins the base profit too', { plan: 'target' }, ['1.00', '2.25', '5.07'], '8.32'],
]
for (const [name, change, stakes, total] of cases)
  t.test(name, async (t) => {
    const preview = previewLadder({ ...classic, ...change }, '1000', null)
    t.same(
      preview?.levels.map(({ stake }) => stake),
      stakes,
    )
    t.equal(preview?.total, total)
  })

t.test('marks levels over the cap and a total over the capital', async (t) => {
  const preview = previewLadder({ ...classic, maxLevel: 3 }, '14.99', '4.00')
  t.same(
    preview?.levels.map(({ overCap }) => overCap),
    [false, false, false, true],
    'the cap itself is allowed',
  )
  t.equal(preview?.overCapital, true)
  t.equal(previewLadder({ ...classic, maxLevel: 3 }, '15', '4.00')?.overCapital, false)
})

t.test('says nothing about what is not complete', async (t) => {
  for (const change of [
    { stake: '' },
    { stake: '0' },
    { stake: '-1' },
    { multiplier: 'x' },
    { maxLevel: Number.NaN },
    { maxLevel: 11 },
  ])
    t.equal(previewLadder({ ...classic, ...change }, '100', null), undefined, JSON.stringify(change))
})
