import { randomInt } from 'node:crypto'
import { http } from '@sath/contracts'
import { AppError } from '@sath/core'
import { type NewPromoCode, type PromoCode, promoRepository } from '@sath/db'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { assertRole, callerOf } from '../auth/signed-in.js'
import { actorOf } from '../http/actor.js'
import { idempotently } from '../http/idempotent.js'
import { problems } from '../http/problem.js'
import type { Parts } from './parts.js'

/** /admin/promo-codes. Support reads; admins make and change. */
export function adminPromoRoutes({ database: { db } }: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get('/promo-codes', {
      schema: {
        summary: 'Lists the promo codes',
        querystring: http.PromoCodesQuery,
        response: { 200: http.listOf(http.PromoCode), ...problems },
      },
      handler: async ({ query }) => {
        const active = query.active === undefined ? undefined : query.active === 'true'
        const page = await promoRepository(db).list({ active }, query)
        return { ...page, items: page.items.map(promoView) }
      },
    })
    app.post('/promo-codes', {
      schema: {
        summary: 'Makes a promo code',
        body: http.NewPromoCodeBody,
        response: { 201: http.PromoCode, ...problems },
      },
      handler: async (request, reply) => {
        assertRole(callerOf(request), 'admin', 'superadmin')
        const { code = newCode(), plan: planId, expiresAt, ...rest } = request.body
        const wish: NewPromoCode = { ...defined(rest), code, planId, ...moment(expiresAt) }
        const promo = await idempotently(db, request, async (tx) =>
          promoView(await promoRepository(tx).create(wish, actorOf(request))),
        )
        return reply.code(201).send(promo)
      },
    })
    app.put('/promo-codes', {
      schema: {
        summary: 'Changes a promo code',
        body: http.EditPromoCodeBody,
        response: { 200: http.PromoCode, ...problems },
      },
      handler: async (request) => {
        assertRole(callerOf(request), 'admin', 'superadmin')
        const { code, plan: planId, expiresAt, ...rest } = request.body
        const edit = { ...defined(rest), planId, ...moment(expiresAt) }
        const row = await promoRepository(db).edit(code, edit, actorOf(request))
        if (!row) throw missing()
        return promoView(row)
      },
    })
    app.get('/promo-codes/:code/redemptions', {
      schema: {
        summary: 'Lists who redeemed a promo code',
        params: http.PromoCodeParams,
        querystring: http.PageQuery,
        response: { 200: http.listOf(http.Redemption), ...problems },
      },
      handler: async (request) => {
        const page = await promoRepository(db).redemptions(request.params.code, request.query)
        if (!page) throw missing()
        const items = page.items.map(({ redeemedAt, startsAt, endsAt, ...row }) => ({
          ...row,
          redeemedAt: redeemedAt.toISOString(),
          startsAt: startsAt.toISOString(),
          endsAt: endsAt?.toISOString() ?? null,
        }))
        return { ...page, items }
      },
    })
  }
}

/** 60 bits in letters and digits that nobody takes for one another: not to be guessed. */
function newCode(): string {
  const signs = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
  const part = () => Array.from({ length: 4 }, () => signs[randomInt(signs.length)]).join('')
  return `${part()}-${part()}-${part()}`
}

function missing(): AppError {
  return new AppError('not-found', 'There is no such promo code.')
}

function moment(expiresAt: string | null | undefined): { readonly expiresAt?: Date | null } {
  return expiresAt === undefined ? {} : { expiresAt: expiresAt === null ? null : new Date(expiresAt) }
}

/** Without what is undefined: for columns, absent and undefined are not the same. */
function defined<T extends object>(body: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]: Exclude<T[Name], undefined>
  }
}

function promoView({ planId, expiresAt, createdAt, ...row }: PromoCode) {
  return { ...row, plan: planId, expiresAt: expiresAt?.toISOString() ?? null, createdAt: createdAt.toISOString() }
}
