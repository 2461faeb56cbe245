import type {} from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'

const name = 'sath_refresh'
const path = '/api/v1/auth'

/** Out of reach of scripts, sent to the calls about signing in only, and by our own pages only. */
export function setRefreshCookie(reply: FastifyReply, token: string, ttlMs: number): void {
  reply.setCookie(name, token, {
    path,
    httpOnly: true,
    sameSite: 'strict',
    secure: reply.request.protocol === 'https',
    maxAge: Math.floor(ttlMs / 1000),
  })
}

export function clearRefreshCookie(reply: FastifyReply): void {
  reply.clearCookie(name, { path, httpOnly: true, sameSite: 'strict', secure: reply.request.protocol === 'https' })
}

export function readRefreshCookie(request: FastifyRequest): string | undefined {
  const value = request.cookies[name]
  return value && value.length <= 200 ? value : undefined
}
