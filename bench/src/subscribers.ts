import { randomUUID } from 'node:crypto'
import { type Database, tokenRepository, userRepository } from '@sath/db'
import { type Answer, dualMartingale, expectStatus, request } from '../../e2e/build/client.js'
import { symbol } from './recording.js'

/** Somebody who is signed in. */
export interface Subscriber {
  /** User id, tenant id and bot. */
  readonly id: string
  readonly accessToken: string
  call(method: string, path: string, body?: unknown): Promise<Answer>
}

const dayMs = 86_400_000

/**
 * People with a confirmed address. Their rows are written by the repositories of the programs, because the API lets one
 * address register 20 people a minute; each then gets its access token from the API by POST /auth/refresh.
 */
export async function signUp(base: string, { db }: Database, count: number): Promise<Subscriber[]> {
  const subscribers: Subscriber[] = []
  for (let n = 0; n < count; n++) {
    const email = `${randomUUID()}@example.com`
    const user = await userRepository(db).create({ email, passwordHash: 'none: signs in by token', verified: true })
    if (!user) throw new Error(`${email} exists already`)
    const { token } = await tokenRepository(db).startFamily(user.id, dayMs, { address: null, agent: 'bench' })
    subscribers.push(await signIn(base, user.id, token))
  }
  return subscribers
}

async function signIn(base: string, id: string, refreshToken: string): Promise<Subscriber> {
  const { body } = await expectStatus(200, request(base, 'POST', '/auth/refresh', { refreshToken }))
  const { accessToken } = body as { accessToken: string }
  return {
    id,
    accessToken,
    call: (method, path, json) => request(base, method, path, json, { authorization: `Bearer ${accessToken}` }),
  }
}

/**
 * One strategy with a dual martingale each, with periods of its own: as among real subscribers, a candle is a signal to some
 * and not to all.
 */
export async function configure(subscribers: readonly Subscriber[]): Promise<void> {
  for (const [n, subscriber] of subscribers.entries()) {
    const params = { fast: 3 + (n % 7), slow: 12 + (n % 11) }
    const config = dualMartingale({ params, symbols: [symbol] })
    await expectStatus(200, subscriber.call('PUT', '/bot/config', { version: 0, config }))
  }
}
