import t from 'tap'
import { sfc32 } from './random.js'

t.test('is sfc32 on words of splitmix32, as big integers tell it', async (t) => {
  for (const [seed, scenario] of [
    [0, 0],
    [1, 99_999],
    [0xffff_ffff, 12_345],
  ] as const) {
    const random = sfc32()
    random.begin(seed, scenario)
    const found = Array.from({ length: 50 }, random.next)
    t.strictSame(found, streamOf(BigInt(seed), BigInt(scenario), 50), `seed ${seed}, scenario ${scenario}`)
  }
})

t.test('numbers are even, and streams of neighbours are strangers', async (t) => {
  const random = sfc32()
  const bins = new Array<number>(64).fill(0)
  const streams = 20_000
  let together = 0
  let before = 0
  for (let scenario = 0; scenario < streams; scenario++) {
    random.begin(1, scenario)
    const first = random.next()
    bins[first >>> 26]! += 1
    together += (first / 2 ** 32 - 0.5) * (before / 2 ** 32 - 0.5)
    before = first
  }
  const expected = streams / 64
  const chiSquare = bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  t.ok(chiSquare > 34 && chiSquare < 103, `χ² of 63 degrees of freedom is ${chiSquare}, within 0.1 % to 99.9 %`)
  t.ok(Math.abs(together / streams) < 4 / 12 / Math.sqrt(streams), 'no correlation from one scenario to the next')
})

/** The same generator written with unbounded integers, each step cut to 32 bits. */
function streamOf(seed: bigint, scenario: bigint, count: number): number[] {
  const cut = (x: bigint) => x & 0xffff_ffffn
  const split = (state: bigint) => {
    let z = cut(state + 0x9e3779b9n)
    z = cut((z ^ (z >> 16n)) * 0x21f0aaadn)
    z = cut((z ^ (z >> 15n)) * 0x735a2d97n)
    return z ^ (z >> 15n)
  }
  const origin = split(split(seed) ^ scenario)
  let [a, b, c, d] = [split(origin), split(origin + 0x9e3779b9n), split(origin + 2n * 0x9e3779b9n), split(seed)]
  const numbers: number[] = []
  for (let n = 0; n < count + 12; n++) {
    const sum = cut(a + b + d)
    d = cut(d + 1n)
    a = b ^ (b >> 9n)
    b = cut(c + (c << 3n))
    c = cut(cut((c << 21n) | (c >> 11n)) + sum)
    if (n >= 12) numbers.push(Number(sum))
  }
  return numbers
}
