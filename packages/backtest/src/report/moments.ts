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
