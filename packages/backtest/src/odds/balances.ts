/** A distribution over balances: how likely each is. Those within a grain of each other are kept as one, at their mean. */
export interface Balances {
  readonly size: number
  /** Drops what is less likely than 1e-22: all that the largest configuration may drop adds up to less than 1e-14. */
  add(balance: number, probability: number): void
  forEach(visit: (balance: number, probability: number) => void): void
}

const negligible = 1e-22

/**
 * `expected` balances fit without growing.
 *
 * A hash table with open addressing over typed arrays: several times as fast as a Map, whose keys would be boxed numbers.
 */
export function balances(grain: number, expected: number): Balances {
  let size = 0
  let capacity = 64
  while (capacity <= expected) capacity *= 2
  let keys = new Float64Array(capacity)
  let probabilities = new Float64Array(capacity)
  /** Of probability × balance: the mean of what is merged is exact. */
  let sums = new Float64Array(capacity)
  /** Index + 1 of the entry, 0 = free. Twice as many as entries, so that a free one is near. */
  let slots = new Int32Array(2 * capacity)

  /** Where the key is, or where it would be. */
  const slotOf = (key: number) => {
    const mask = slots.length - 1
    let slot = hash(key) & mask
    for (;;) {
      const index = slots[slot] as number
      if (index === 0 || keys[index - 1] === key) return slot
      slot = (slot + 1) & mask
    }
  }
  const grow = () => {
    capacity *= 2
    keys = widened(keys, capacity)
    probabilities = widened(probabilities, capacity)
    sums = widened(sums, capacity)
    slots = new Int32Array(2 * capacity)
    for (let index = 0; index < size; index++) slots[slotOf(keys[index] as number)] = index + 1
  }
  return {
    get size() {
      return size
    },
    add(balance, probability) {
      if (probability < negligible) return
      const key = Math.round(balance / grain)
      const slot = slotOf(key)
      const index = (slots[slot] as number) - 1
      if (index >= 0) {
        probabilities[index] = (probabilities[index] as number) + probability
        sums[index] = (sums[index] as number) + probability * balance
        return
      }
      keys[size] = key
      probabilities[size] = probability
      sums[size] = probability * balance
      slots[slot] = ++size
      if (size === capacity) grow()
    },
    forEach(visit) {
      for (let index = 0; index < size; index++) {
        const probability = probabilities[index] as number
        visit((sums[index] as number) / probability, probability)
      }
    },
  }
}

/** 32 mixed bits of a whole number below 2⁵³. */
function hash(key: number): number {
  const word = Math.imul(key | 0, 0x21f0aaad) ^ Math.imul(Math.floor(key / 2 ** 32), 0x735a2d97)
  return word ^ (word >>> 15)
}

function widened(values: Float64Array<ArrayBuffer>, capacity: number): Float64Array<ArrayBuffer> {
  const wide = new Float64Array(capacity)
  wide.set(values)
  return wide
}
