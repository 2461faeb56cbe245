import Big from 'big.js'
import fc from 'fast-check'
import t from 'tap'
import { type Decimal, isDecimal, money } from './index.js'

const digits = (most: number) => fc.bigInt({ min: 0n, max: 10n ** BigInt(most) - 1n }).map(String)
/** Plain decimals, most of them as long as amounts are, some as long as they may be. */
const decimal: fc.Arbitrary<Decimal> = fc
  .oneof(
    { weight: 4, arbitrary: fc.tuple(digits(5), digits(3)) },
    { weight: 1, arbitrary: fc.tuple(digits(17), digits(18)) },
  )
  .chain(([whole, part]) =>
    fc.constantFrom(
      `${whole}.${part}`,
      `-${whole}.${part}`,
      whole,
      `-${whole}`,
      `${whole}.${part.padStart(6, '0')}`,
      '0',
      '0.00',
      '-0',
    ),
  )
const places = fc.integer({ min: 0, max: 20 })
const modes = { down: Big.roundDown, 'half-up': Big.roundHalfUp, up: Big.roundUp } as const
const mode = fc.constantFrom('down' as const, 'half-up' as const, 'up' as const)
const runs = { numRuns: 1_000 }

/** The quotient with so many digits that whatever follows them cannot be a half or nothing. */
function longQuotient(a: Decimal, b: Decimal, keep: number): Big {
  const [DP, RM] = [Big.DP, Big.RM]
  Big.DP = keep + 80
  Big.RM = Big.roundDown
  const quotient = Big(a).div(b)
  Big.DP = DP
  Big.RM = RM
  return quotient
}

t.test('sums, differences, products and comparisons are those of big.js', async (t) => {
  fc.assert(
    fc.property(decimal, decimal, (a, b) => {
      t.ok(isDecimal(a) && isDecimal(b))
      t.equal(money.add(a, b), Big(a).plus(b).toFixed(), `${a} + ${b}`)
      t.equal(money.subtract(a, b), Big(a).minus(b).toFixed(), `${a} - ${b}`)
      t.equal(money.multiply(a, b), Big(a).times(b).toFixed(), `${a} × ${b}`)
      t.equal(money.compare(a, b), Big(a).cmp(b), `${a} <> ${b}`)
      t.equal(money.compare(a, a), 0)
      t.equal(money.max(a, b), Big(a).cmp(b) >= 0 ? a : b)
      t.equal(money.isPositive(a), Big(a).gt(0))
    }),
    runs,
  )
})

t.test('a sum is that of its parts', async (t) => {
  fc.assert(
    fc.property(fc.array(decimal, { maxLength: 6 }), (amounts) => {
      const expected = amounts.reduce((sum, amount) => sum.plus(amount), Big(0)).toFixed()
      t.equal(money.sum(amounts), expected, amounts.join(' + '))
    }),
    runs,
  )
  t.equal(money.sum(Array(20).fill('999999999999999')), '19999999999999980', 'beyond what a float holds')
})

t.test('rounding is that of big.js, in every mode', async (t) => {
  fc.assert(
    fc.property(decimal, places, mode, (a, digits, how) => {
      t.equal(money.round(a, digits, how), Big(a).round(digits, modes[how]).toFixed(digits), `${a} to ${digits} ${how}`)
    }),
    runs,
  )
})

t.test('a quotient is rounded once, whatever follows', async (t) => {
  fc.assert(
    fc.property(decimal, decimal, places, mode, (a, b, digits, how) => {
      if (Big(b).eq(0)) {
        t.throws(() => money.divide(a, b, digits, how), RangeError)
        return
      }
      const expected = longQuotient(a, b, digits).round(digits, modes[how]).toFixed()
      t.equal(money.divide(a, b, digits, how), expected, `${a} / ${b} to ${digits} ${how}`)
    }),
    runs,
  )
  t.equal(money.divide('1', '3', 2, 'up'), '0.34')
  t.equal(money.divide('-1', '3', 2, 'up'), '-0.34')
  t.equal(money.divide('1', '8', 2), '0.13', 'a half goes away from zero')
  t.equal(money.divide('-1', '8', 2), '-0.13')
  t.equal(money.divide('4499999999', '10000000000', 0), '0', 'it is not rounded twice')
  t.equal(
    money.divide('100000000000000000', '99999999999999999', 2, 'up'),
    '1.01',
    'what is far behind the point counts',
  )
})

t.test('the bounds of what is computed without big.js make no difference', async (t) => {
  const cases: [Decimal, Decimal][] = [
    ['999999999999999', '999999999999999'],
    ['99999999999999.9', '0.1'],
    ['9007199254740991', '1'],
    ['9007199254740.99', '0.01'],
    ['94906265.62', '94906267.00'],
    ['-94906265.62', '94906267.00'],
    ['0.00000000000001', '99999999999'],
    ['90071992547409', '0.001'],
  ]
  for (const [a, b] of cases) {
    t.equal(money.add(a, b), Big(a).plus(b).toFixed(), `${a} + ${b}`)
    t.equal(money.subtract(a, b), Big(a).minus(b).toFixed(), `${a} - ${b}`)
    t.equal(money.multiply(a, b), Big(a).times(b).toFixed(), `${a} × ${b}`)
    t.equal(money.compare(a, b), Big(a).cmp(b), `${a} <> ${b}`)
  }
})

t.test('a float becomes its shortest text, without an exponent', async (t) => {
  fc.assert(
    fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (value) => {
      t.equal(money.fromFloat(value), Big(value).toFixed())
    }),
    runs,
  )
  for (const value of [1.17265, 1e-7, 1e21, -0, 0.1 + 0.2]) t.equal(money.fromFloat(value), Big(value).toFixed())
  t.throws(() => money.fromFloat(Number.NaN), RangeError)
  t.throws(() => money.fromFloat(Number.POSITIVE_INFINITY), RangeError)
})

t.test('what is no number is refused, as by big.js', async (t) => {
  for (const text of ['', '-', '.', '1.2.3', '1-2', '--1', ' 1', '1,5', 'NaN']) {
    t.throws(() => money.add(text, '1'), text)
    t.throws(() => money.compare('1', text), text)
    t.throws(() => money.round(text, 2), text)
  }
})
