import type { Database } from '@sath/db'

/** A predecessor that was killed may hold its connection for a moment. */
const predecessorMs = 10_000
const retryMs = 250
const checkMs = 5_000

/**
 * Makes sure that one orchestrator at a time runs child processes of this database: others could neither see them nor tell
 * their absence from their end. Holds an advisory lock on a connection of its own and takes it again after an outage.
 * Undefined: somebody else has it.
 */
export async function onlyOne(
  database: Database,
  onLost: () => void,
  waitMs = predecessorMs,
): Promise<{ close(): Promise<void> } | undefined> {
  let connection = await database.sql.reserve()
  const key = 'sath:orchestrator:process'
  const tryLock = async () => {
    const [row] = await connection`select pg_try_advisory_lock(hashtextextended(${key}, 0)) as got`
    return row?.got === true
  }

  const end = performance.now() + waitMs
  while (!(await tryLock())) {
    if (performance.now() > end) {
      connection.release()
      return undefined
    }
    await new Promise((resolve) => setTimeout(resolve, retryMs))
  }

  // Within the same session it is had again and again; a new session after an outage has to win it.
  const timer = setInterval(() => check().catch(() => {}), checkMs)
  async function check(): Promise<void> {
    try {
      if (!(await tryLock())) onLost()
    } catch {
      connection.release()
      connection = await database.sql.reserve()
    }
  }

  return {
    async close() {
      clearInterval(timer)
      await connection`select pg_advisory_unlock_all()`.catch(() => {})
      connection.release()
    },
  }
}
