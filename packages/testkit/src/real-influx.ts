import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@sath/embedded-postgres'
import { influxRewrite } from './influx-rewrite.js'
import { programOnPath, service } from './service.js'
import type { Teardown } from './teardown.js'

export interface RealInflux {
  /** Speaks the write call of InfluxDB 2 and InfluxQL at /query; the same after a stop and a start. */
  readonly url: string
  readonly token: string
  /** Runs InfluxQL against one bucket and returns the rows of its first series as objects. */
  query(bucket: string, influxQl: string): Promise<Record<string, unknown>[]>
  /** From now on connections are refused. */
  stop(): Promise<void>
  start(): Promise<void>
}

/**
 * A running InfluxDB of its own with the given buckets; undefined where influxd (1.x) is not installed. What version 2
 * would answer at /api/v2/write is answered by a rewrite to version 1's own call.
 */
export async function realInflux(t: Teardown, buckets: readonly string[]): Promise<RealInflux | undefined> {
  const command = programOnPath('influxd')
  if (!command) return undefined
  const directory = mkdtempSync(join(tmpdir(), 'sath-influx-'))
  const [rpcPort, httpPort, port] = [await freePort(), await freePort(), await freePort()]
  const config = join(directory, 'influxdb.conf')
  writeFileSync(config, configuration(directory, rpcPort, httpPort))
  const inner = `http://127.0.0.1:${httpPort}`
  const token = 'test-token'
  const server = service({
    command,
    args: ['-config', config],
    ready: async () => (await fetch(`${inner}/ping`)).status === 204,
  })
  const rewrite = influxRewrite({ port, target: httpPort, token })
  t.teardown(async () => {
    await rewrite.stop()
    await server.stop('SIGKILL')
    rmSync(directory, { recursive: true, force: true })
  })
  await server.start()
  await rewrite.start()

  const ask = async (query: string, bucket = '') => {
    const response = await fetch(`${inner}/query`, {
      method: 'POST',
      body: new URLSearchParams({ q: query, db: bucket }),
    })
    const body = (await response.json()) as InfluxAnswer
    const [result] = body.results ?? []
    if (body.error || result?.error) throw new Error(`${query}: ${body.error ?? result?.error}`)
    return result?.series?.[0]
  }
  for (const bucket of buckets) await ask(`CREATE DATABASE "${bucket}"`)

  return {
    url: `http://127.0.0.1:${port}`,
    token,
    query: async (bucket, influxQl) => {
      const series = await ask(influxQl, bucket)
      return (series?.values ?? []).map((row) =>
        Object.fromEntries(series?.columns.map((name, at) => [name, row[at]]) ?? []),
      )
    },
    stop: async () => {
      await rewrite.stop()
      await server.stop()
    },
    start: async () => {
      await server.start()
      await rewrite.start()
    },
  }
}

interface InfluxAnswer {
  error?: string
  results?: { error?: string; series?: { columns: string[]; values: unknown[][] }[] }[]
}

function configuration(directory: string, rpcPort: number, httpPort: number): string {
  return `reporting-disabled = true
bind-address = "127.0.0.1:${rpcPort}"
[meta]
  dir = "${directory}/meta"
[data]
  dir = "${directory}/data"
  wal-dir = "${directory}/wal"
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:${httpPort}"
`
}
