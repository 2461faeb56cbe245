import t from 'tap'
import {
  add,
  compare,
  divide,
  formatDecimal,
  isDecimal,
  multiply,
  parseDecimal,
  percentOfShare,
  shareOfPercent,
  toCents,
} from './decimal.js'

const d = (text: string) => parseDecimal(text) ?? { units: -1n, scale: 99 }

t.test('takes what the API takes', async (t) => {
  for (const text of ['0', '1', '-1.50', '0.000000000000000001', '999999999999999999']) t.ok(isDecimal(text), text)
  for (const text of ['', '.5', '1.', '01', '1e3', '+1', '1,5', ' 1', 'NaN']) t.notOk(isDecimal(text), text)
  t.equal(parseDecimal('one'), undefined)
})

t.test('computes exactly', async (t) => {
  t.equal(formatDecimal(add(d('0.1'), d('0.2'))), '0.3')
  t.equal(formatDecimal(add(d('-1'), d('0.25'))), '-0.75')
  t.equal(formatDecimal(multiply(d('1.15'), d('1.1'))), '1.265')
  t.equal(formatDecimal(divide(d('1'), d('0.8'), 4)), '1.2500')
  t.equal(compare(d('2.0'), d('2')), 0)
  t.ok(compare(d('1.99'), d('2')) < 0)
  t.equal(formatDecimal(d('-0.05')), '-0.05')
})

t.test('rounds to cents', async (t) => {
  const cases: readonly [string, string, string][] = [
    ['1', '1.00', '1.00'],
    ['0.005', '0.01', '0.01'],
    ['0.0049', '0.00', '0.01'],
    ['2.8125', '2.81', '2.82'],
  ]
  for (const [text, nearest, up] of cases) {
    t.equal(formatDecimal(toCents(d(text), 'half-up')), nearest)
    t.equal(formatDecimal(toCents(d(text), 'up')), up)
  }
})

t.test('per cent and shares', async (t) => {
  for (const [percent, share] of [
    ['85', '0.85'],
    ['0.02', '0.0002'],
    ['100', '1'],
    ['0', '0'],
  ] as const) {
    t.equal(Number(shareOfPercent(percent)), Number(share), percent)
    t.equal(percentOfShare(share), percent, share)
  }
  t.equal(shareOfPercent('85 %'), undefined)
  t.equal(percentOfShare('many'), undefined)
})
