import type { MetricQuery, MetricSeries } from './metrics.js'

/** An identifier of InfluxQL, in double quotes. */
export function quoteIdentifier(name: string): string {
  return `"${escaped(name).replaceAll('"', '\\"')}"`
}

/** A string of InfluxQL, in single quotes. */
export function quoteString(text: string): string {
  return `'${escaped(text).replaceAll("'", "\\'")}'`
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

/** The means and counts of one tenant's metrics by step; GROUP BY time() is aligned to the epoch. */
export function selectSeries({ tenantId, names, from, to, stepMs }: MetricQuery): string {
  const measurements = names === undefined ? '/.*/' : names.map(quoteIdentifier).join(', ')
  return [
    `SELECT mean("value"), count("value") FROM ${measurements}`,
    `WHERE "tenant" = ${quoteString(tenantId)} AND time >= ${whole(from)}ms AND time < ${whole(to)}ms`,
    `GROUP BY time(${whole(stepMs)}ms), "unit" fill(none)`,
  ].join(' ')
}

function whole(ms: number): number {
  if (!Number.isSafeInteger(ms)) throw new RangeError(`not a whole number of milliseconds: ${ms}`)
  return ms
}

interface Answer {
  /** Version 1. */
  readonly error?: string
  /** Version 2. */
  readonly message?: string
  readonly results?: readonly {
    readonly error?: string
    readonly series?: readonly {
      readonly name: string
      readonly tags?: { readonly unit?: string }
      readonly values: readonly (readonly [time: number, mean: number | null, count: number])[]
    }[]
  }[]
}

/** One mean of a step, with the number of values it stands for. */
export type WeightedPoint = readonly [timeMs: number, mean: number, count: number]
export type WeightedSeries = Pick<MetricSeries, 'name' | 'unit'> & { readonly points: readonly WeightedPoint[] }

/** The series in an answer to `selectSeries`, asked with epoch=ms. @throws Error with InfluxDB's own words */
export function parseSeries(body: unknown): WeightedSeries[] {
  const { error, message, results = [] } = body as Answer
  const fault = error ?? message ?? results.find((result) => result.error)?.error
  if (fault !== undefined) throw new Error(`InfluxDB refuses the query: ${fault}`)
  return results.flatMap(({ series = [] }) =>
    series.map(({ name, tags, values }) => ({
      name,
      unit: tags?.unit ?? '',
      points: values.flatMap(([time, mean, count]) => (mean === null ? [] : [[time, mean, count] as const])),
    })),
  )
}

/** One list from several buckets: a tenant that changed its plan has points in more than one. */
export function mergeSeries(lists: readonly WeightedSeries[]): MetricSeries[] {
  const merged = new Map<string, { name: string; unit: string; steps: Map<number, { sum: number; count: number }> }>()
  for (const { name, unit, points } of lists) {
    const key = JSON.stringify([name, unit])
    const into = merged.get(key) ?? { name, unit, steps: new Map<number, { sum: number; count: number }>() }
    merged.set(key, into)
    for (const [time, mean, count] of points) {
      const step = into.steps.get(time) ?? { sum: 0, count: 0 }
      into.steps.set(time, { sum: step.sum + mean * count, count: step.count + count })
    }
  }
  return [...merged.values()]
    .map(({ name, unit, steps }) => ({
      name,
      unit,
      points: [...steps].sort(([a], [b]) => a - b).map(([time, { sum, count }]) => [time, sum / count] as const),
    }))
    .sort((a, b) => compare(a.name, b.name) || compare(a.unit, b.unit))
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
