/** A request as it came, for assertions. */
export interface LoggedRequest {
  readonly id: string
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** The body, or the query of a GET, as it was sent. */
  readonly form: string
  readonly idempotencyKey: string | undefined
  readonly stripeVersion: string | undefined
  readonly status: number
  /** Answered from an idempotency key. */
  readonly replayed: boolean
}
