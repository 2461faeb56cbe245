import type postgres from 'postgres'
import { preparedUnsafe } from './prepared.js'

/** Errors of a line to Postgres that is gone, by code of postgres.js and of the system. */
const lostCodes: ReadonlySet<string> = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
])

/** Whether the line to Postgres was lost, however deep the driver's own error lies. */
export function isLineLost(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code } = at as { code?: unknown }
    if (typeof code === 'string' && lostCodes.has(code)) return true
  }
  return false
}

/**
 * The same pool, whose transactions survive the loss of their line. postgres.js 3.4.9 writes the rollback, or whatever the
 * transaction does next, to a socket that is null by then, in a timer where nobody can catch it: the process would end.
 * Here nothing is written after the loss; `begin` rejects with it. Statements are prepared, see `preparedUnsafe`.
 *
 * @see https://github.com/porsager/postgres/issues/1208
 */
export function survivingPool(pool: postgres.Sql): postgres.Sql {
  async function begin(...args: [Scope] | [string, Scope]): Promise<unknown> {
    const work = args.at(-1) as Scope
    const state: { lost?: unknown } = {}
    const scope: Scope = (line) => untilLost(state, async () => work(guarded(line, state)))
    const done = typeof args[0] === 'string' ? pool.begin(args[0], scope) : pool.begin(scope)
    done.catch((error: unknown) => {
      if (isLineLost(error)) state.lost = error
    })
    return await done
  }
  const unsafe = preparedUnsafe(pool)
  return new Proxy(pool, {
    get: (target, name) => (name === 'begin' ? begin : name === 'unsafe' ? unsafe : Reflect.get(target, name)),
  })
}

type Scope = (line: postgres.TransactionSql) => unknown

function guarded(line: postgres.TransactionSql, state: { readonly lost?: unknown }): postgres.TransactionSql {
  const refuseWhenLost = () => {
    if (state.lost !== undefined) throw state.lost
  }
  const savepoint = (...args: [Scope] | [string, Scope]) => {
    refuseWhenLost()
    const work = args.at(-1) as Scope
    const scope: Scope = (inner) => untilLost(state, async () => work(guarded(inner as postgres.TransactionSql, state)))
    return typeof args[0] === 'string' ? line.savepoint(args[0], scope) : line.savepoint(scope)
  }
  const unsafe = preparedUnsafe(line)
  return new Proxy(line, {
    apply(target, self, args) {
      refuseWhenLost()
      return Reflect.apply(target, self, args)
    },
    get(target, name) {
      if (name === 'savepoint') return savepoint
      if (name !== 'unsafe') return Reflect.get(target, name)
      refuseWhenLost()
      return unsafe
    },
  })
}

/** Never settles once the line is lost: settling would make the driver write. The pool's own `begin` has rejected by then. */
async function untilLost<T>(state: { readonly lost?: unknown }, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work()
    if (state.lost === undefined) return result
  } catch (error) {
    if (!isLineLost(error) && state.lost === undefined) throw error
  }
  return new Promise<never>(() => {})
}
