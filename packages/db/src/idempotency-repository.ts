import { AppError } from '@sath/core'
import { and, eq, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { idempotencyKeys } from './schema/index.js'

export interface Answer {
  readonly status: number
  readonly body: unknown
}
/** `replayed`: an earlier request with the same key had the effect. */
export type KeyedAnswer = Answer & { readonly replayed: boolean }

/** A request that carried an Idempotency-Key. */
export interface KeyedRequest {
  readonly userId: string
  /** Method and path. */
  readonly route: string
  readonly key: string
  /** Keyed digest of the body. */
  readonly bodyHash: string
}

/**
 * Runs `act` once per key. Key, effect and answer are one transaction: a second request with the same key waits for the first
 * on the key's row and then gets its answer; if the first fails or dies, nothing of it remains and the next one acts.
 *
 * @throws AppError idempotency-conflict when the key came with another body before
 */
export function once(db: Db, request: KeyedRequest, act: (tx: Db) => Promise<Answer>): Promise<KeyedAnswer> {
  return db.transaction(async (tx) => {
    const claimed = await tx
      .insert(idempotencyKeys)
      .values(request)
      .onConflictDoNothing()
      .returning({ key: idempotencyKeys.key })
    const earlier = claimed.length === 0 ? await earlierAnswer(tx, request) : undefined
    if (earlier) return { ...earlier, replayed: true }
    const answer = await act(tx)
    await tx.update(idempotencyKeys).set({ status: answer.status, response: answer.body }).where(ofKey(request))
    return { ...answer, replayed: false }
  })
}

/**
 * What the key was answered with before; undefined: it is new.
 *
 * @throws AppError idempotency-conflict when the key came with another body before
 */
export async function earlierAnswer(db: Db, request: KeyedRequest): Promise<Answer | undefined> {
  const [first] = await db.select().from(idempotencyKeys).where(ofKey(request))
  if (!first) return undefined
  if (first.bodyHash !== request.bodyHash)
    throw new AppError('idempotency-conflict', 'This Idempotency-Key was used with another body.')
  return { status: first.status ?? 200, body: first.response }
}

function ofKey({ userId, route, key }: KeyedRequest) {
  return and(eq(idempotencyKeys.userId, userId), eq(idempotencyKeys.route, route), eq(idempotencyKeys.key, key))
}

/** Forgets keys after a day. */
export async function sweepIdempotencyKeys(db: Db): Promise<void> {
  await db.delete(idempotencyKeys).where(sql`${idempotencyKeys.createdAt} < now() - interval '1 day'`)
}
