import type {} from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'

const name = 'sath_refresh'
const path = '/api/v1/auth'

/** Out of reach of scripts, sent to the calls about signing in only, and by our own pages only. */
export function setRefreshCookie(
  reply: FastifyReply,
  token: string,
  { ttlMs, secure }: { readonly ttlMs: number; readonly secure: boolean },
): void {
  reply.setCookie(name, token, {
    path,
    httpOnly: true,
    sameSite: 'strict',
    secure,
    maxAge: Math.floor(ttlMs / 1000),
  })
}

export function clearRefreshCookie(reply: FastifyReply, { secure }: { readonly secure: boolean }): void {
  reply.clearCookie(name, { path, httpOnly: true, sameSite: 'strict', secure })
}

/**
 * Undefined also when the browser says that another site's page asks, or one of another port or sub-domain: to SameSite
 * those are the same site, and they could end a sign-in by spending its token.
 */
export function readRefreshCookie(request: FastifyRequest): string | undefined {
  const from = request.headers['sec-fetch-site']
  if (from === 'cross-site' || from === 'same-site') return undefined
  const value = request.cookies[name]
  return value && value.length <= 200 ? value : undefined
}
