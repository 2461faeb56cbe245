import { StripeFault } from './stripe-fault.js'

export interface KeptAnswer {
  readonly requestId: string
  readonly status: number
  readonly body: string
}

export interface Idempotency {
  /**
   * The answer that was given to this key before, if any.
   *
   * @throws StripeFault 400 `idempotency_error` when the key came with another endpoint or body
   */
  find(key: string, request: string): KeptAnswer | undefined
  keep(key: string, request: string, answer: KeptAnswer): void
}

const keptMs = 24 * 3_600_000

/** Answers by key for a day. @see https://docs.stripe.com/api/idempotent_requests */
export function createIdempotency(clock: () => number): Idempotency {
  const kept = new Map<string, { readonly request: string; readonly answer: KeptAnswer; readonly at: number }>()
  return {
    find(key, request) {
      const row = kept.get(key)
      if (!row || clock() - row.at > keptMs) return undefined
      if (row.request !== request) {
        throw new StripeFault(400, {
          type: 'idempotency_error',
          message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
        })
      }
      return row.answer
    },
    keep: (key, request, answer) => {
      kept.set(key, { request, answer, at: clock() })
    },
  }
}
