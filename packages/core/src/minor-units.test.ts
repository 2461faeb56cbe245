import fc from 'fast-check'
import t from 'tap'
import { isDecimal, money } from './index.js'

const { minorToDecimal, decimalToMinor, minorDigits } = money

t.test('amounts that Stripe writes in whole units', async (t) => {
  for (const [minor, currency, decimal] of [
    [2900n, 'USD', '29.00'],
    [5n, 'usd', '0.05'],
    [0n, 'EUR', '0.00'],
    [-1999n, 'EUR', '-19.99'],
    [2900n, 'JPY', '2900'],
    [500n, 'clp', '500'],
    [0n, 'XOF', '0'],
    [7130n, 'JOD', '7.130'],
    [500n, 'UGX', '5.00'],
    [1n, 'KWD', '0.001'],
    [9007199254740991n, 'USD', '90071992547409.91'],
  ] as const) {
    t.equal(minorToDecimal(minor, currency), decimal)
    t.equal(decimalToMinor(decimal, currency), minor)
  }
  t.equal(decimalToMinor('29', 'USD'), 2900n)
  t.equal(decimalToMinor('29.5', 'USD'), 2950n)
  t.equal(decimalToMinor('29.500', 'USD'), 2950n, 'zeros say nothing')
  t.equal(decimalToMinor('5.00', 'JPY'), 5n)
})

t.test('the currencies of Stripe without decimals and with three', async (t) => {
  for (const code of 'BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '))
    t.equal(minorDigits(code), 0, code)
  for (const code of 'BHD JOD KWD OMR TND'.split(' ')) t.equal(minorDigits(code), 3, code)
  for (const code of 'USD EUR GBP ARS MXN BRL UGX ISK'.split(' ')) t.equal(minorDigits(code), 2, code)
})

t.test('nothing is rounded away and nothing else is taken for an amount', async (t) => {
  for (const [text, currency] of [
    ['0.001', 'USD'],
    ['1.5', 'JPY'],
    ['0.0001', 'KWD'],
    ['1e3', 'USD'],
    ['', 'USD'],
    ['.5', 'USD'],
    ['5.', 'USD'],
    ['٣', 'USD'],
    ['1,50', 'USD'],
    [' 1', 'USD'],
    ['1\n', 'USD'],
    ['NaN', 'USD'],
  ] as const)
    t.throws(() => decimalToMinor(text, currency), RangeError, JSON.stringify(text))
})

t.test('there and back again is the same amount', async (t) => {
  const amount = fc.bigInt({ min: -9007199254740991n, max: 9007199254740991n })
  const currency = fc.constantFrom('USD', 'EUR', 'JPY', 'KRW', 'KWD', 'TND')
  fc.assert(
    fc.property(amount, currency, (minor, code) => {
      const text = minorToDecimal(minor, code)
      const places = text.includes('.') ? text.length - text.indexOf('.') - 1 : 0
      return isDecimal(text) && places === minorDigits(code) && decimalToMinor(text, code) === minor
    }),
    { numRuns: 2_000 },
  )
  t.pass('2,000 amounts')
})

t.test('amounts add up in minor units as they do in decimals', async (t) => {
  const amount = fc.bigInt({ min: 0n, max: 10n ** 12n })
  fc.assert(
    fc.property(amount, amount, fc.constantFrom('USD', 'JPY', 'KWD'), (a, b, code) => {
      const sum = money.add(minorToDecimal(a, code), minorToDecimal(b, code))
      return decimalToMinor(sum, code) === a + b
    }),
    { numRuns: 1_000 },
  )
  t.pass('1,000 sums')
})
