/** SQLSTATE of a database error, however deep the driver's own error lies. */
export function sqlState(error: unknown): string | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code } = at as { code?: unknown }
    // A system error such as EPIPE has five letters too; no class of SQLSTATE begins with E.
    if (typeof code === 'string' && /^[0-9A-DF-Z][0-9A-Z]{4}$/.test(code)) return code
  }
  return undefined
}

/** Whether a prepared statement is from before a change of the schema. The line prepares it anew the next time. */
export function isPlanOutdated(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ((at as { routine?: unknown }).routine === 'RevalidateCachedQuery') return true
  }
  return false
}
