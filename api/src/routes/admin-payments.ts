import { Readable } from 'node:stream'
import { http } from '@sath/contracts'
import { AppError, type Currency, type Decimal, money } from '@sath/core'
import { changePayment, type Db, eachPayment, findPayment, readPayments, recordPayment } from '@sath/db'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { assertRole, callerOf } from '../auth/signed-in.js'
import { actorOf } from '../http/actor.js'
import { idempotently } from '../http/idempotent.js'
import { problems } from '../http/problem.js'
import { ledgerCsv } from '../views/ledger-csv.js'
import { adminPaymentView } from '../views/payment-view.js'
import type { Parts } from './parts.js'

const currencies = new Set(Intl.supportedValuesOf('currency'))
const csv = 'text/csv; charset=utf-8; header=present'

/** /admin/payments: the ledger. Support reads; admins record what came by other ways than Stripe, and what became of it. */
export function adminPaymentRoutes({ database: { db }, now }: Parts): FastifyPluginAsyncZod {
  const find = async (from: Db, id: string) => {
    const row = await findPayment(from, id)
    if (!row) throw new AppError('not-found', 'There is no such payment.')
    return adminPaymentView(row)
  }
  return async (app) => {
    app.get('/payments', {
      schema: {
        summary: 'Lists the ledger of payments, as JSON or CSV',
        querystring: http.AdminPaymentsQuery,
        response: {
          200: {
            content: {
              'application/json': { schema: http.listOf(http.AdminPayment) },
              'text/csv': { schema: z.string() },
            },
          },
          ...problems,
        },
      },
      handler: async (request, reply) => {
        const { user, method, status, from, to, format } = request.query
        const filter = { tenantId: user, method, status, from, to }
        if (format === 'csv' || (format === undefined && asksForCsv(request.headers.accept)))
          return reply
            .header('content-disposition', 'attachment; filename="payments.csv"')
            .type(csv)
            .send(Readable.from(ledgerCsv(eachPayment(db, filter))) as never)
        const page = await readPayments(db, filter, request.query)
        return { ...page, items: page.items.map(adminPaymentView) }
      },
    })
    app.post('/payments', {
      schema: {
        summary: 'Records a payment that came by another way than Stripe',
        body: http.RecordPaymentBody,
        response: { 201: http.AdminPayment, ...problems },
      },
      handler: async (request, reply) => {
        assertRole(callerOf(request), 'admin', 'superadmin')
        const { userId: tenantId, plan: planId, amount, paidAt, ...rest } = request.body
        if (!currencies.has(rest.currency)) throw invalid('currency', 'is not a currency of ISO 4217')
        if (paidAt !== undefined && Date.parse(paidAt) > now()) throw invalid('paidAt', 'must not be in the future')
        const wish = {
          ...rest,
          tenantId,
          planId,
          amountMinor: minorOf(amount, rest.currency, 'amount'),
          paidAt: paidAt === undefined ? undefined : new Date(paidAt),
        }
        const payment = await idempotently(db, request, async (tx) => {
          const { payment, isNew } = await recordPayment(tx, wish, actorOf(request))
          request.replayed ||= !isNew
          return find(tx, payment.id)
        })
        return reply.code(201).send(payment)
      },
    })
    app.put('/payments/:id', {
      schema: {
        summary: 'Says what became of a recorded payment',
        params: http.IdParams,
        body: http.ChangePaymentBody,
        response: { 200: http.AdminPayment, ...problems },
      },
      handler: async (request) => {
        assertRole(callerOf(request), 'admin', 'superadmin')
        const { id } = request.params
        const { status, refunded } = request.body
        return db.transaction(async (tx) => {
          const before = await find(tx, id)
          const change =
            status === 'partially-refunded'
              ? { status, refundedMinor: minorOf(refunded ?? '0', before.currency, 'refunded') }
              : { status }
          await changePayment(tx, id, change, actorOf(request))
          const after = await find(tx, id)
          request.replayed = after.status === before.status && after.refunded === before.refunded
          return after
        })
      },
    })
  }
}

function asksForCsv(accept: string | undefined): boolean {
  return /^\s*text\/csv\b/i.test(accept ?? '')
}

/** @throws AppError invalid-request when the currency has no such small part */
function minorOf(amount: Decimal, currency: Currency, path: string): bigint {
  try {
    return money.decimalToMinor(amount, currency)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw invalid(path, `has more decimals than the ${money.minorDigits(currency)} of ${currency}`)
  }
}

function invalid(path: string, message: string): AppError {
  return new AppError('invalid-request', 'The request is not valid.', { errors: [{ path, message }] })
}
