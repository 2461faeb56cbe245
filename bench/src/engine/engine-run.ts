/** What one process says of one run. */
export interface EngineRun {
  readonly candles: number
  /** User and system time of the process while it computed, all its threads together. */
  readonly cpuSeconds: number
  /** Live at the end of the run, after a collection. */
  readonly heapBytes: number
  readonly decisions: number
  readonly trades: number
}
