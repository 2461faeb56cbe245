import type { Teardown } from '@sath/testkit'
import { startSath } from '../../e2e/build/sath.js'

export interface Installation {
  readonly url: string
  /** Ends everything but the bots and starts it again with another feed; the bots are adopted. */
  restart(feed: string): Promise<void>
  /** Ends everything but the bots. */
  stop(): Promise<void>
}

/** Sath as `npm start` starts it, every program in a process of its own, with real Docker. */
export async function openInstallation(
  t: Teardown,
  options: { readonly databaseUrl: string; readonly home: string; readonly port: number; readonly feed: string },
): Promise<Installation> {
  const { databaseUrl, home, port } = options
  const start = (feed: string) =>
    startSath(t, { engine: 'docker', feed, home, port, env: { DATABASE_URL: databaseUrl } })
  let sath = await start(options.feed)
  return {
    url: sath.url,
    async restart(feed) {
      await sath.stop()
      sath = await start(feed)
    },
    stop: async () => void (await sath.stop()),
  }
}
