import { type EmbeddedPostgres, EmbeddedPostgresError } from '@sath/embedded-postgres'

/** A server that ran this long is started again without counting its earlier deaths. */
const healthyMs = 60_000
const mostDeaths = 5

export interface KeptPostgres {
  /** Settles, with one sentence, when the server has died and is not started again. */
  readonly lost: Promise<string>
  stop(): Promise<void>
}

/**
 * Starts the server again when it dies, until stopped; `startAgain` starts it on the port it had, so the programs find it
 * where it was, as they do any database that was away. The fifth death in a row, each within a minute, is the last.
 */
export function keepPostgres(
  first: EmbeddedPostgres,
  startAgain: (port: number) => Promise<EmbeddedPostgres>,
  say: (line: string) => void,
): KeptPostgres {
  let stopping = false
  let server = first

  async function keep(): Promise<string | undefined> {
    for (let deaths = 1; ; deaths++) {
      const startedAt = performance.now()
      await server.exited
      if (stopping) return undefined
      if (performance.now() - startedAt > healthyMs) deaths = 1
      if (deaths === mostDeaths) return `The database ended by itself ${mostDeaths} times in a row.`
      say('The database ended by itself; starting it again.')
      try {
        server = await startAgain(first.port)
        if (stopping) await server.stop()
      } catch (error) {
        if (error instanceof EmbeddedPostgresError) return error.message
        throw error
      }
    }
  }

  const kept = keep()
  const never = new Promise<never>(() => {})
  return {
    lost: kept.then((sentence) => sentence ?? never),
    async stop() {
      stopping = true
      await server.stop()
      // One that was being started when we were asked.
      await kept.catch(() => {})
    },
  }
}
