import type { Account } from './account.js'
import { expand } from './expand.js'
import type { RawObject } from './form.js'
import { list, type Params, readShape, type Shape, text } from './parameters.js'

export interface Call<P> {
  readonly account: Account
  /** What stands in the place of `:id` in the path; empty for a path without one. */
  readonly id: string
  readonly params: P
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: RegExp
  /** @throws StripeFault */
  handle(account: Account, id: string, form: RawObject): unknown
}

/** One endpoint. `path` is written as `/v1/customers/:id`; `expand` is known everywhere. */
export function route<S extends Shape>(
  method: Route['method'],
  path: string,
  shape: S,
  answer: (call: Call<Params<S>>) => unknown,
): Route {
  const { expand: paths, ...rest } = { expand: list(text), ...shape }
  return {
    method,
    path: new RegExp(`^${path.replace(':id', '([^/]+)')}$`),
    handle(account, id, form) {
      const { expand: expandForm, ...own } = form
      const params = readShape(rest as unknown as S, Object.assign(Object.create(null), own))
      const wanted = paths.read(expandForm, 'expand') ?? []
      return expand(account, answer({ account, id, params }), wanted)
    },
  }
}
