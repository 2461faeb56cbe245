/**
 * Every way the domain can say no. The code is what clients rely on (HTTP contract); the API maps each to a status and the
 * compiler insists that none is forgotten.
 */
export const errorCodes = [
  'invalid-request',
  'unauthenticated',
  'forbidden',
  'not-found',
  'rate-limited',
  'weak-password',
  'invalid-token',
  'token-reused',
  'bad-credentials',
  'email-not-verified',
  'account-locked',
  'account-inactive',
  'version-conflict',
  'plan-limit',
  'config-missing',
  'held',
  'in-use',
  'too-many-tokens',
  'idempotency-conflict',
  'promo-inactive',
  'promo-expired',
  'promo-used',
  'promo-already-redeemed',
  'not-available',
  'billing-not-configured',
  'payment-failed',
  'bad-signature',
  'unsupported-media-type',
  'payload-too-large',
  'service-unavailable',
] as const
export type ErrorCode = (typeof errorCodes)[number]

/** One fault of an input: where (dotted path, "" for the whole) and what to do about it. */
export interface FieldError {
  readonly path: string
  readonly message: string
}

/** An expected refusal that is for the user. Anything else that throws is a bug. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly errors: readonly FieldError[]
  /** Seconds until trying again makes sense, for `rate-limited` and `account-locked`. */
  readonly retryAfterSeconds: number | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: { errors?: readonly FieldError[]; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.errors = options.errors ?? []
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}
