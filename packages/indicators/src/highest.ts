/** The highest of the last `size` numbers: plain JSON, changed in place by `nextHighest`. */
export interface Highest {
  readonly size: number
  /** Numbers seen, counted up to `size`. */
  count: number
  /** Of them the oldest, which the next one replaces, is at `at`; zeros where nothing has been seen yet. */
  readonly values: number[]
  at: number
  /** The highest number and where the latest of its kind is. */
  best: number
  bestAt: number
}

/** The highest of `size` numbers (an integer of at least 1), which has seen nothing yet. */
export function highest(size: number): Highest {
  return { size, count: 0, values: Array.from({ length: size }, () => 0), at: 0, best: 0, bestAt: 0 }
}

/** Takes in a number, in place of the oldest one; the highest is in the state. Whether `size` numbers were seen. */
export function nextHighest(state: Highest, x: number): boolean {
  const { size, values, at } = state
  values[at] = x
  state.at = at + 1 === size ? 0 : at + 1
  if (state.count === 0 || x >= state.best) {
    state.best = x
    state.bestAt = at
  } else if (at === state.bestAt) {
    searchBest(state)
  }
  if (state.count < size) state.count += 1
  return state.count === size
}

/** The best one has just been replaced by a lower one, which only happens to a window that was full. */
function searchBest(state: Highest): void {
  const { size, values, at } = state
  let best = Number.NEGATIVE_INFINITY
  for (let i = 0, place = at; i < size; i++) {
    const value = values[place] as number
    if (value >= best) {
      best = value
      state.bestAt = place
    }
    place = place + 1 === size ? 0 : place + 1
  }
  state.best = best
}
