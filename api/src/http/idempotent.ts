import { createHash } from 'node:crypto'
import { AppError } from '@sath/core'
import { type Db, once } from '@sath/db'
import type { FastifyRequest } from 'fastify'

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
    bodyHash: createHash('sha256')
      .update(JSON.stringify(request.body ?? null))
      .digest('hex'),
  }
  const answer = await once(db, keyed, async (tx) => ({ status: 200, body: await act(tx) }))
  return answer.body as T // what this very route answered the first time, through JSON
}
