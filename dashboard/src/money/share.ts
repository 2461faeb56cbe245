/** "85" % as 0.85, without the digits that a division by 100 may leave. For numbers that are no money. */
export function share(percent: string): number {
  return Number((Number(percent) / 100).toFixed(10))
}
