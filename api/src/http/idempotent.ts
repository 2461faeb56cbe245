import { createHmac } from 'node:crypto'
import { AppError } from '@sath/core'
import { type Db, once } from '@sath/db'
import type { FastifyInstance, FastifyRequest } from 'fastify'

declare module 'fastify' {
  interface FastifyInstance {
    /** The same for the same body; nothing can be guessed from it without our secret. */
    digestOf(body: unknown): string
  }
  interface FastifyRequest {
    /** Answered with what an earlier request with the same key got; nothing was done. */
    replayed: boolean
  }
}

/** Digests are keyed: whoever finds one in the database cannot guess passwords against it. */
export function prepareIdempotency(app: FastifyInstance, secret: string): void {
  app.decorateRequest('replayed', false)
  app.decorate('digestOf', (body: unknown) =>
    createHmac('sha256', secret)
      .update(`body ${JSON.stringify(body ?? null)}`)
      .digest('hex'),
  )
}

/**
 * Runs `act` for a POST that starts something. With an Idempotency-Key the effect, the key and the answer are one
 * transaction, and the same key gives the same answer again. `act` must use only the connection it is given.
 *
 * @throws AppError idempotency-conflict, invalid-request (a key that is none)
 */
export async function idempotently<T>(db: Db, request: FastifyRequest, act: (db: Db) => Promise<T>): Promise<T> {
  const key = request.headers['idempotency-key']
  if (key === undefined || !request.caller) return act(db)
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key))
    throw new AppError('invalid-request', 'The Idempotency-Key must be 1 to 200 printable characters.')
  const keyed = {
    userId: request.caller.id,
    route: `${request.method} ${request.url.split('?', 1)[0]}`,
    key,
    bodyHash: request.server.digestOf(request.body),
  }
  const answer = await once(db, keyed, async (tx) => ({ status: 200, body: await act(tx) }))
  request.replayed = answer.replayed
  return answer.body as T // what this very route answered the first time, through JSON
}
