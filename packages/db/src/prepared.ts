import type postgres from 'postgres'

type Unsafe = postgres.Sql['unsafe']

/** Statements with more parameters have a text of their own for every number of rows: they would fill the server's memory. */
const mostParameters = 40

/**
 * postgres.js' `unsafe`, through which drizzle sends every statement, but with statements that the server remembers: they are
 * planned once for each line, and take one round trip instead of two. A schema that changes under them is no error outside
 * of transactions (the driver prepares anew), and in one it is SQLSTATE 0A000 once, see `isPlanOutdated`.
 *
 * One at a time: the driver would let another statement follow on the same line before the first is answered, and when that
 * line is reset, forget that it owes the second an answer (3.4.9, `closed` after an error).
 */
export function preparedUnsafe(line: Pick<postgres.Sql, 'unsafe'>): Unsafe {
  return (text, parameters = [], options = {}) => {
    const prepare = parameters.length > 0 && parameters.length <= mostParameters
    const alone = { ...options, prepare, onexecute: () => false }
    return line.unsafe(text, parameters, alone)
  }
}
