/** An error as it is logged: never a query's parameters (the query builder puts them into its message: addresses, hashes). */
export function errorFields(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an error' }
  const ofQuery = 'query' in error
  const { code, constraint_name: constraint } = error as { code?: unknown; constraint_name?: unknown }
  return {
    type: error.name,
    message: ofQuery ? 'a query failed' : error.message,
    ...(code === undefined ? {} : { code }),
    ...(constraint === undefined ? {} : { constraint }),
    ...(ofQuery ? { query: (error as { query?: unknown }).query } : { stack: error.stack }),
    ...(error.cause === undefined ? {} : { cause: errorFields(error.cause) }),
  }
}
