import type { Actor } from '@sath/db'
import type { FastifyRequest } from 'fastify'

/** Who acts, for the audit log. */
export function actorOf(request: FastifyRequest): Actor {
  return { id: request.caller?.id ?? null, ...originOf(request) }
}

export function originOf(request: FastifyRequest): { readonly address: string; readonly agent: string | null } {
  return { address: request.ip, agent: request.headers['user-agent']?.slice(0, 300) ?? null }
}
