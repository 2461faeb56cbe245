/** The last `size` numbers, oldest first from `at` on and then from the beginning: plain JSON of a constant length. */
export interface Window {
  readonly size: number
  /** Numbers seen, counted up to `size`. */
  count: number
  /** Place of the oldest number of a full window, which the next one takes. */
  at: number
  /** Zeros where nothing has been seen yet. */
  readonly values: number[]
}

/** A window over `size` numbers (an integer of at least 1) that has seen nothing yet. */
export function window(size: number): Window {
  return { size, count: 0, at: 0, values: Array.from({ length: size }, () => 0) }
}

/**
 * Takes in a number, in place of the oldest one, and gives the mean of the last `size`; undefined until so many were seen.
 * It is summed afresh each time, oldest first: a running sum would drift from that in its last bits.
 */
export function nextMean(window: Window, x: number): number | undefined {
  const { size, values, at } = window
  values[at] = x
  const oldest = at + 1 === size ? 0 : at + 1
  window.at = oldest
  if (window.count < size) {
    window.count += 1
    if (window.count < size) return undefined
  }
  let total = 0
  for (let i = oldest; i < size; i++) total += values[i] as number
  for (let i = 0; i < oldest; i++) total += values[i] as number
  return total / size
}
