import { type Database, ownLine } from '@sath/db'

const retryMs = 250
const key = 'sath:orchestrator:process'

/**
 * Makes sure that one orchestrator at a time runs child processes of this database: others could neither see them nor tell
 * their absence from their end. Holds an advisory lock on a line of its own and takes it again after an outage.
 * Undefined: somebody else has it.
 */
export async function onlyOne(
  database: Database,
  onLost: () => void,
  // A predecessor that was killed may hold its line for a moment.
  { waitMs = 10_000, checkMs = 5_000 } = {},
): Promise<{ close(): Promise<void> } | undefined> {
  // Not `sql.reserve()`: postgres.js 3.4.9 never answers it on a new line that asks for no array types.
  const line = ownLine(database.sql)
  const tryLock = async () => {
    const [row] = await line`select pg_try_advisory_lock(hashtextextended(${key}, 0)) as got`
    return row?.got === true
  }
  const hangUp = () => line.end({ timeout: 0 })

  const end = performance.now() + waitMs
  while (!(await tryLock())) {
    if (performance.now() > end) {
      await hangUp()
      return undefined
    }
    await new Promise((resolve) => setTimeout(resolve, retryMs))
  }

  // Within the same session it is had again and again; a new session after an outage has to win it.
  const check = async () => (await tryLock()) || onLost()
  const timer = setInterval(() => check().catch(() => {}), checkMs)

  return {
    async close() {
      clearInterval(timer)
      await line`select pg_advisory_unlock_all()`.catch(() => {})
      await hangUp()
    },
  }
}
