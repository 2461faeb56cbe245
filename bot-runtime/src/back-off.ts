/**
 * How long to wait before connecting again, ms: 100 doubling to 2,000 with each failure in a row, of which between half and
 * all, so that the bots of a restarted gateway do not all come at once. `random` is in [0, 1).
 */
export function backOffMs(failures: number, random: number): number {
  const full = Math.min(100 * 2 ** failures, 2_000)
  return full * (0.5 + random / 2)
}
