import { AppError } from '@sath/core'
import Stripe from 'stripe'

const retryAfterSeconds = 10

/** What of Stripe's error may be logged or stored: its words can hold ids and addresses. */
export class StripeFault extends Error {
  override readonly name = 'StripeFault'
  readonly code: string

  constructor(error: Pick<Stripe.errors.StripeError, 'type' | 'code' | 'statusCode'>) {
    super(`Stripe: ${[error.type, error.code, error.statusCode].filter((word) => word !== undefined).join(' ')}`)
    this.code = error.code ?? error.type
  }
}

/**
 * Asks Stripe for something that a user waits for.
 *
 * @throws AppError service-unavailable when Stripe is away, payment-failed when a card is refused
 * @throws StripeFault when Stripe refuses what we asked for
 */
export async function askStripe<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    throw refusalOf(error)
  }
}

function refusalOf(error: unknown): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error
  const cause = new StripeFault(error)
  if (error instanceof Stripe.errors.StripeCardError)
    return new AppError('payment-failed', 'The card was refused. Change it in the billing portal, then try again.', {
      cause,
    })
  if (isStripeAway(error))
    return new AppError('service-unavailable', 'Stripe does not answer; nothing was changed.', {
      retryAfterSeconds,
      cause,
    })
  return cause
}

/** Whether the same request may work later: no answer, a fault of theirs, or too much at once. */
export function isStripeAway(error: unknown): boolean {
  if (!(error instanceof Stripe.errors.StripeError)) return false
  if (error instanceof Stripe.errors.StripeConnectionError || error instanceof Stripe.errors.StripeRateLimitError)
    return true
  const { statusCode } = error
  return statusCode === undefined
    ? error instanceof Stripe.errors.StripeAPIError
    : statusCode >= 500 || statusCode === 409
}

/** Whether the object does not exist, or no longer. */
export function isMissing(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing'
}

/** The error without anything of Stripe's words; others as they are. */
export function withoutWords(error: unknown): unknown {
  return error instanceof Stripe.errors.StripeError ? new StripeFault(error) : error
}
