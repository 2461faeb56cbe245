export interface FaultFields {
  readonly type: 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'api_error'
  readonly message: string
  readonly code?: string
  readonly param?: string
  readonly decline_code?: string
  readonly payment_intent?: unknown
  readonly charge?: string
}

/** An answer that is an error, in Stripe's words. @see https://docs.stripe.com/api/errors */
export class StripeFault extends Error {
  readonly status: number
  readonly fields: FaultFields

  constructor(status: number, fields: FaultFields) {
    super(fields.message)
    this.status = status
    this.fields = fields
  }

  /** Stripe keeps no answer under an idempotency key when the parameters were refused before any work was done. */
  get refusedParameters(): boolean {
    return this.fields.code?.startsWith('parameter_') ?? false
  }
}

/** 400 `invalid_request_error`. */
export function invalid(message: string, fields: { code?: string; param?: string } = {}): StripeFault {
  return new StripeFault(400, { type: 'invalid_request_error', message, ...fields })
}

/** 404 `resource_missing`. */
export function missing(noun: string, id: string, param: string): StripeFault {
  const message = `No such ${noun}: '${id}'`
  return new StripeFault(404, { type: 'invalid_request_error', code: 'resource_missing', message, param })
}

/** 402 `card_declined`, with the payment intent that carries the story. */
export function declined(paymentIntent: unknown, charge: string): StripeFault {
  return new StripeFault(402, {
    type: 'card_error',
    code: 'card_declined',
    decline_code: 'generic_decline',
    message: 'Your card was declined.',
    payment_intent: paymentIntent,
    charge,
  })
}

/** 402 `…_payment_intent_requires_action`: the payer's bank wants to hear from the payer first. */
export function actionRequired(noun: 'invoice' | 'subscription', paymentIntent: unknown): StripeFault {
  return new StripeFault(402, {
    type: 'card_error',
    code: `${noun}_payment_intent_requires_action`,
    message: `Payment for this ${noun} requires additional user action before it can be completed successfully.`,
    payment_intent: paymentIntent,
  })
}
