/** How far a candle reached, counted from the close before it: max(high − low, |high − close|, |low − close|). */
export function trueRange(high: number, low: number, lastClose: number): number {
  return Math.max(high - low, Math.abs(high - lastClose), Math.abs(low - lastClose))
}
