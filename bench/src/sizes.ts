/** How much of everything is measured. Each may be set in the environment, for example SATH_BENCH_BOTS=20 for a quick run. */
const defaults = {
  /** Bots that run at once, for their memory and for the candle. */
  bots: 100,
  startRounds: 10,
  /** Bots that are started at once. */
  atOnce: 50,
  atOnceRounds: 3,
  idleSeconds: 20,
  /** Candles measured, and those before them that only warm the strategies up. */
  candles: 60,
  warmUpCandles: 30,
  /** Those who ask for their status beside the owners of bots, because each may ask 600 times a minute. */
  moreSubscribers: 280,
  connections: 50,
  statusSeconds: 5,
  statusRounds: 3,
  runningBots: 1_000,
  stoppedBots: 10_000,
  sweepRounds: 15,
}
export type Sizes = Readonly<typeof defaults>

/** @throws Error naming the variable that is not a positive whole number */
export function readSizes(env: Readonly<Record<string, string | undefined>>): Sizes {
  const entries = Object.entries(defaults).map(([key, byDefault]) => {
    const name = `SATH_BENCH_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
    const text = env[name]
    const value = text === undefined ? byDefault : Number(text)
    if (!Number.isInteger(value) || value < 1) throw new Error(`${name} must be a positive whole number, not "${text}"`)
    return [key, value]
  })
  return Object.fromEntries(entries) as Sizes
}
