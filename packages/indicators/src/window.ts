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

/** Takes in a number, in place of the oldest one; whether the window is full now. */
export function push(window: Window, x: number): boolean {
  window.values[window.at] = x
  window.at = window.at + 1 === window.size ? 0 : window.at + 1
  if (window.count < window.size) window.count += 1
  return window.count === window.size
}

/** Sum of a full window, afresh and oldest first: a running sum would drift from it in the last bits. */
export function sum({ values, at, size }: Window): number {
  let total = 0
  for (let i = at; i < size; i++) total += numberAt(values, i)
  for (let i = 0; i < at; i++) total += numberAt(values, i)
  return total
}

/** Sum of the squared distances from `mean`, over a full window, oldest first. */
export function squaredDeviations({ values, at, size }: Window, mean: number): number {
  let total = 0
  for (let i = at; i < size; i++) total += (numberAt(values, i) - mean) ** 2
  for (let i = 0; i < at; i++) total += (numberAt(values, i) - mean) ** 2
  return total
}

/** Highest number of a full window. */
export function highest({ values, size }: Window): number {
  let best = numberAt(values, 0)
  for (let i = 1; i < size; i++) best = Math.max(best, numberAt(values, i))
  return best
}

/** Lowest number of a full window. */
export function lowest({ values, size }: Window): number {
  let best = numberAt(values, 0)
  for (let i = 1; i < size; i++) best = Math.min(best, numberAt(values, i))
  return best
}

/** `index` is within the window, whose values have a constant length. */
function numberAt(values: readonly number[], index: number): number {
  return values[index] as number
}
