/** One measured value of one tenant. */
export interface MetricPoint {
  readonly tenantId: string
  /** Kebab-case, for example "loop-lag". A name or unit with a control character or a backslash at its end is dropped. */
  readonly name: string
  /** For example "ms", "bytes", "percent", "USD". */
  readonly unit: string
  /** Epoch ms UTC. */
  readonly time: number
  readonly value: number
}

/**
 * Where measurements go. Nothing here ever throws or waits for the store: measuring must not touch trading. What cannot be
 * kept is counted.
 */
export interface MetricSink {
  write(points: readonly MetricPoint[]): void
  /** Tries to store what is buffered now; resolves whether or not it could. */
  flush(): Promise<void>
  /** Flushes once, then drops (and counts) what is left. `write` after it drops. */
  close(): Promise<void>
  /** Points lost since the start. */
  readonly dropped: number
}

export interface MetricQuery {
  readonly tenantId: string
  /** Absent: all. */
  readonly names?: readonly string[] | undefined
  /** Epoch ms, inclusive. */
  readonly from: number
  /** Epoch ms, exclusive. */
  readonly to: number
  /** Width of one answer point, aligned to the epoch; each is the mean of its values. */
  readonly stepMs: number
}

export interface MetricSeries {
  readonly name: string
  readonly unit: string
  /** [start of the step in epoch ms, mean], oldest first; steps without a value are not there. */
  readonly points: readonly (readonly [timeMs: number, value: number])[]
}

export interface MetricSource {
  /** Sorted by name, then unit. @throws Error when the store cannot be read */
  read(query: MetricQuery): Promise<readonly MetricSeries[]>
}

/** Both ends of one store. */
export interface Metrics {
  readonly sink: MetricSink
  readonly source: MetricSource
}
