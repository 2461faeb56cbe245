import { createHmac } from 'node:crypto'
import { AppError } from '@sath/core'
import { type Db, earlierAnswer, type KeyedRequest, once } from '@sath/db'
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
  const keyed = keyedRequest(request)
  if (!keyed) return act(db)
  const answer = await once(db, keyed, async (tx) => ({ status: 200, body: await act(tx) }))
  request.replayed = answer.replayed
  return answer.body as T // what this very route answered the first time, through JSON
}

/**
 * The same for an effect that is not ours to undo and is safe to repeat: no transaction waits for it. Of two with the same key
 * at once both may act, and both get the answer of the first.
 *
 * @throws AppError as `idempotently`
 */
export async function answeredOnce<T>(db: Db, request: FastifyRequest, act: () => Promise<T>): Promise<T> {
  const keyed = keyedRequest(request)
  if (!keyed) return act()
  const earlier = await earlierAnswer(db, keyed)
  const body = earlier ? (earlier.body as T) : await act()
  return idempotently(db, request, async () => body)
}

function keyedRequest(request: FastifyRequest): KeyedRequest | undefined {
  const key = request.headers['idempotency-key']
  if (key === undefined || !request.caller) return undefined
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key))
    throw new AppError('invalid-request', 'The Idempotency-Key must be 1 to 200 printable characters.')
  return {
    userId: request.caller.id,
    route: `${request.method} ${request.url.split('?', 1)[0]}`,
    key,
    bodyHash: request.server.digestOf(request.body),
  }
}
