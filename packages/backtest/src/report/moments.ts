/** Running mean and sum of squared deviations from it. @see B. P. Welford, Technometrics 4 (1962), 419–420 */
export interface Moments {
  count: number
  mean: number
  squares: number
}

export function noMoments(): Moments {
  return { count: 0, mean: 0, squares: 0 }
}

export function addMoment(moments: Moments, value: number): void {
  const away = value - moments.mean
  moments.count += 1
  moments.mean += away / moments.count
  moments.squares += away * (value - moments.mean)
}

/** Takes in all values of another. @see T. F. Chan et al., Updating formulae …, Stanford CS-79-773 (1979), 2.1 */
export function addMoments(into: Moments, more: Moments): void {
  if (more.count === 0) return
  const count = into.count + more.count
  const away = more.mean - into.mean
  into.squares += more.squares + (away * away * into.count * more.count) / count
  into.mean += (away * more.count) / count
  into.count = count
}
