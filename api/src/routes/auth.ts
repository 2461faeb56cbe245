import { http } from '@sath/contracts'
import { AppError } from '@sath/core'
import { audit, isApiToken, tokenRepository } from '@sath/db'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { login, refreshTtlMs, type SignedIn } from '../accounts/login.js'
import { refresh } from '../accounts/refresh.js'
import { register } from '../accounts/register.js'
import { forgotPassword, resetPassword } from '../accounts/reset-password.js'
import { verifyEmail } from '../accounts/verify-email.js'
import { needsSignIn } from '../auth/api-token-reach.js'
import { inEvenTime } from '../auth/even-time.js'
import { clearRefreshCookie, readRefreshCookie, setRefreshCookie } from '../auth/refresh-cookie.js'
import { bearer } from '../auth/signed-in.js'
import { actorOf } from '../http/actor.js'
import { problems } from '../http/problem.js'
import { takeOrRefuse } from '../http/rate-limits.js'
import type { Parts } from './parts.js'

/** /auth: signing up, in and out. Nobody needs to be signed in. */
export function authRoutes(parts: Parts): FastifyPluginAsyncZod {
  const { db } = parts.database
  const { limits, limiter, publicUrl } = parts
  const secure = publicUrl.startsWith('https:')
  const limited = (name: 'login' | 'register' | 'forgot') => async (request: FastifyRequest) =>
    takeOrRefuse(limiter, `${name}:${request.ip}`, limits[name])

  const answer = (reply: FastifyReply, { user, issued }: SignedIn, asCookie: boolean) => {
    if (asCookie) setRefreshCookie(reply, issued.token, { ttlMs: refreshTtlMs, secure })
    const { id, email, name, role, locale } = user
    return {
      accessToken: parts.tokens.sign(id, issued.familyId),
      ...(asCookie ? {} : { refreshToken: issued.token }),
      expiresIn: parts.accessTokenSeconds,
      user: { id, email, name, role, locale },
    }
  }

  return async (app) => {
    app.addHook('onRequest', async (request) => takeOrRefuse(limiter, `open:${request.ip}`, limits.open))

    app.post('/register', {
      onRequest: limited('register'),
      schema: {
        summary: 'Registers an account and mails a link to verify it',
        body: http.RegisterBody,
        response: { 202: http.Registered, ...problems },
      },
      handler: async (request, reply) => {
        await inEvenTime(() => register({ db, publicUrl }, request.body, actorOf(request)))
        return reply.code(202).send({ status: 'verification-sent' })
      },
    })
    app.post('/verify-email', {
      schema: {
        summary: 'Verifies an email address',
        body: http.VerifyEmailBody,
        response: { 204: http.Empty, ...problems },
      },
      handler: async (request, reply) => {
        await verifyEmail(db, request.body.token, actorOf(request))
        return reply.code(204).send()
      },
    })
    app.post('/login', {
      onRequest: limited('login'),
      schema: { summary: 'Signs in', body: http.LoginBody, response: { 200: http.Session, ...problems } },
      handler: async (request, reply) => {
        const signedIn = await inEvenTime(() =>
          login({ db, strangers: parts.strangers }, request.body, actorOf(request)),
        )
        return answer(reply, signedIn, request.body.cookie === true)
      },
    })
    app.post('/refresh', {
      schema: {
        summary: 'Renews the access token and spends the refresh token',
        body: http.RefreshBody,
        response: { 200: http.Session, ...problems },
      },
      handler: async (request, reply) => {
        const cookie = request.body?.refreshToken === undefined ? readRefreshCookie(request) : undefined
        const token = request.body?.refreshToken ?? cookie
        if (token === undefined) throw new AppError('unauthenticated', 'Sign in first.')
        try {
          return answer(reply, await refresh(db, token, actorOf(request)), cookie !== undefined)
        } catch (error) {
          if (cookie !== undefined && error instanceof AppError) clearRefreshCookie(reply, { secure })
          throw error
        }
      },
    })
    app.post('/logout', {
      schema: { summary: 'Signs out', body: http.RefreshBody, response: { 204: http.Empty, ...problems } },
      handler: async (request, reply) => {
        const signIn = await signInOf(request)
        if (!signIn) throw new AppError('unauthenticated', 'There is no sign-in to end.')
        await tokenRepository(db).revokeFamily(signIn.familyId)
        parts.authentication.forget(signIn.userId)
        await audit(db, { ...actorOf(request), id: signIn.userId }, 'auth.logout', signIn.userId)
        clearRefreshCookie(reply, { secure })
        return reply.code(204).send()
      },
    })
    app.post('/forgot-password', {
      onRequest: limited('forgot'),
      schema: {
        summary: 'Mails a link to set a new password',
        body: http.ForgotPasswordBody,
        response: { 202: http.Accepted, ...problems },
      },
      handler: async (request, reply) => {
        await inEvenTime(() => forgotPassword({ db, publicUrl }, request.body.email, actorOf(request)))
        return reply.code(202).send({ status: 'accepted' })
      },
    })
    app.post('/reset-password', {
      onRequest: limited('login'),
      schema: {
        summary: 'Sets a new password and ends every session',
        body: http.ResetPasswordBody,
        response: { 204: http.Empty, ...problems },
      },
      handler: async (request, reply) => {
        parts.authentication.forget(await resetPassword(db, request.body, actorOf(request)))
        return reply.code(204).send()
      },
    })
  }

  /** The sign-in that a request to end it means: by access token, or by refresh token once that one has expired. */
  async function signInOf(request: FastifyRequest): Promise<{ userId: string; familyId: string } | undefined> {
    const shown = bearer(request.headers.authorization)
    if (isApiToken(shown)) throw needsSignIn()
    try {
      const { sub, sid } = parts.tokens.verify(shown)
      return { userId: sub, familyId: sid }
    } catch {
      const body = request.body as { refreshToken?: string } | null | undefined
      const token = body?.refreshToken ?? readRefreshCookie(request)
      return token === undefined ? undefined : tokenRepository(db).familyOf(token)
    }
  }
}
