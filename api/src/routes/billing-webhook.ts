import { http } from '@sath/contracts'
import { AppError } from '@sath/core'
import { audit, type NewStripeEvent } from '@sath/db'
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Billing } from '../billing/billing.js'
import { createEventIntake } from '../billing/event-intake.js'
import { readEvent } from '../billing/read-event.js'
import { actorOf } from '../http/actor.js'
import { problems } from '../http/problem.js'
import { takeOrRefuse } from '../http/rate-limits.js'
import type { Parts } from './parts.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** The body of a call whose signature covers its very bytes. */
    signedBytes: Buffer | undefined
  }
}

/** Far more than an event of Stripe's. */
const bodyLimit = 512 * 1024

/**
 * Where Stripe rings. An event is checked, stored and answered here; a loop deals with it. Its calls take nothing of a limit, or
 * a busy hour at Stripe would lose us events: only what is not signed does.
 */
export function billingWebhookRoutes({ database: { db }, billing, limiter, limits }: Parts): FastifyPluginAsyncZod {
  const intake = createEventIntake(db)
  const read = async (request: FastifyRequest, ours: Billing): Promise<NewStripeEvent> => {
    const { 'stripe-signature': signature } = request.headers
    try {
      return readEvent(
        request.signedBytes ?? Buffer.alloc(0),
        typeof signature === 'string' ? signature : undefined,
        ours,
      )
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'bad-signature')) throw error
      await takeOrRefuse(limiter, `unsigned:${request.ip}`, limits.open)
      await audit(db, actorOf(request), 'billing.bad-signature', null, { bytes: request.signedBytes?.length ?? 0 })
      throw error
    }
  }
  /** Stripe rings again, too: it is answered as ever, and nobody fills the log by ringing on and on. */
  const traceReplay = async (request: FastifyRequest, { type }: NewStripeEvent) => {
    const rate = { limit: limits.open, windowMs: 60_000 }
    const { allowed } = await limiter.take(`replayed:${request.ip}`, rate)
    if (allowed) await audit(db, actorOf(request), 'billing.event-again', null, { type })
  }
  return async (app) => {
    app.removeAllContentTypeParsers()
    app.decorateRequest('signedBytes', undefined)
    // Not as the body: every hook that looks into bodies would look at each byte.
    app.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit }, (request, bytes, done) => {
      request.signedBytes = bytes as Buffer
      done(null, undefined)
    })
    app.post('/webhook/stripe', {
      bodyLimit,
      config: { isRecorded: true },
      schema: { summary: "Takes an event of Stripe's", response: { 200: http.WebhookAccepted, ...problems } },
      handler: async (request) => {
        if (!billing) throw new AppError('billing-not-configured', 'This installation takes no payments.')
        const event = await read(request, billing)
        if (!(await intake.keep(event))) await traceReplay(request, event)
        if (event.outcome === 'other-livemode')
          request.log.warn({ livemode: event.livemode }, 'an event of the other livemode')
        return { received: true as const }
      },
    })
  }
}
