/** Streams of uniform numbers, one per scenario, which depend on nothing but the seed and the scenario's index. */
export interface RandomStream {
  /** Goes to the beginning of a scenario's stream. Both are uint32. */
  begin(seed: number, scenario: number): void
  /** The next whole number of 0…2³²-1. */
  next(): number
}

const golden = 0x9e3779b9

/**
 * sfc32 (Chris Doty-Humphrey, PractRand 0.95: 128 bits of state, a counter among it, so that no stream is shorter than 2³²).
 * Three words come from splitmix32 over (seed, scenario), the counter from the seed; the first 12 numbers, in which the
 * words mix, are thrown away as PractRand does.
 */
export function sfc32(): RandomStream {
  const state = new Int32Array(4)
  const next = () => {
    const [a, b, c, d] = [state[0] as number, state[1] as number, state[2] as number, state[3] as number]
    const sum = (a + b + d) | 0
    state[0] = b ^ (b >>> 9)
    state[1] = (c + (c << 3)) | 0
    state[2] = ((c << 21) | (c >>> 11)) + sum
    state[3] = d + 1
    return sum >>> 0
  }
  return {
    next,
    begin(seed, scenario) {
      const mixedSeed = splitmix32(seed)
      const origin = splitmix32(mixedSeed ^ scenario)
      state[0] = splitmix32(origin)
      state[1] = splitmix32(origin + golden)
      state[2] = splitmix32(origin + 2 * golden)
      state[3] = mixedSeed
      for (let n = 0; n < 12; n++) next()
    },
  }
}

/** The number splitmix32 gives from this state. A bijection of 32-bit words: different states, different numbers. */
function splitmix32(state: number): number {
  let word = (state + golden) | 0
  word = Math.imul(word ^ (word >>> 16), 0x21f0aaad)
  word = Math.imul(word ^ (word >>> 15), 0x735a2d97)
  return (word ^ (word >>> 15)) | 0
}
