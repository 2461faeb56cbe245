import postgres from 'postgres'

/** One line beside a pool, to the same database, that no timer closes: for LISTEN, and for locks that last as long as a session. */
export function ownLine(pool: postgres.Sql): postgres.Sql {
  // The driver takes its own parsed options as they are.
  const options = { ...pool.options, max: 1, idle_timeout: null, max_lifetime: null }
  return postgres(options as unknown as postgres.Options<Record<string, never>>)
}
