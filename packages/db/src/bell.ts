import type postgres from 'postgres'

export type Bell = 'sath_bots' | 'sath_runs' | 'sath_orders' | 'sath_jobs'

/**
 * Hears bells. A bell only says "look": it may be lost or doubled, so every listener also sweeps. postgres.js listens again
 * by itself after a lost connection; `onListen` then runs, and the listener should sweep once.
 */
export async function listen(
  sql: postgres.Sql,
  bell: Bell,
  onRing: (payload: string) => void,
  onListen: () => void = () => {},
): Promise<() => Promise<void>> {
  const { unlisten } = await sql.listen(bell, onRing, onListen)
  return unlisten
}
