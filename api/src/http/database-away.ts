/** Driver and server codes that mean "no database now": connection classes 08 and 57P, too many clients, and the socket's own. */
const away =
  /^(08\w{3}|57P0[1-5]|53300|CONNECT_TIMEOUT|CONNECTION_(CLOSED|ENDED|DESTROYED)|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT)$/

/** Whether a query failed because the database cannot be reached, and not because of the query. */
export function isDatabaseAway(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const { code } = at as { code?: unknown }
    if (typeof code === 'string' && away.test(code)) return isFromDriver(error)
  }
  return false
}

/** The same words come from files and other sockets: only what passed through the query builder or the driver counts. */
function isFromDriver(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (at.name === 'PostgresError' || 'query' in at || /postgres/.test(at.stack ?? '')) return true
  }
  return false
}
