import { randomUUID } from 'node:crypto'
import type { BotConfig } from '@sath/core'
import { until } from '@sath/testkit'

/** A JSON value whose shape the test asserts. */
// biome-ignore lint/suspicious/noExplicitAny: answers are checked by assertions, not by types
export type Json = any

export interface Answer {
  readonly status: number
  readonly body: Json
}

/** One signed-in person at the HTTP door. */
export interface Client {
  readonly userId: string
  readonly email: string
  readonly accessToken: string
  get(path: string): Promise<Json>
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
}

export async function request(
  base: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${base}/api/v1${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text ? JSON.parse(text) : undefined }
}

/** Registers, follows the mail, signs in: as a newcomer does. */
export async function newSubscriber(base: string, email = `${randomUUID()}@example.com`): Promise<Client> {
  const password = 'correct horse battery staple'
  await expectStatus(202, request(base, 'POST', '/auth/register', { email, password, name: 'Ada' }))
  const mail = await until('the verification mail', async () => {
    const { body } = await request(base, 'GET', `/dev/outbox?to=${encodeURIComponent(email)}`)
    return body.items?.find((item: Json) => item.token)
  })
  await expectStatus(204, request(base, 'POST', '/auth/verify-email', { token: mail.token }))
  return await signIn(base, email, password)
}

export async function signIn(base: string, email: string, password: string): Promise<Client> {
  const { body } = await expectStatus(200, request(base, 'POST', '/auth/login', { email, password }))
  const call: Client['call'] = (method, path, json, headers) =>
    request(base, method, path, json, { authorization: `Bearer ${body.accessToken}`, ...headers })
  return {
    userId: body.user.id,
    email,
    accessToken: body.accessToken,
    call,
    get: async (path) => (await expectStatus(200, call('GET', path))).body,
  }
}

export async function expectStatus(status: number, answer: Promise<Answer>): Promise<Answer> {
  const got = await answer
  if (got.status !== status) throw new Error(`expected ${status}, got ${got.status}: ${JSON.stringify(got.body)}`)
  return got
}

/** Every page of a list, oldest first. */
export async function everything(client: Client, path: string): Promise<Json[]> {
  const items: Json[] = []
  let cursor = ''
  do {
    const page = await client.get(`${path}?limit=100${cursor}`)
    items.push(...page.items)
    cursor = page.nextCursor ? `&cursor=${encodeURIComponent(page.nextCursor)}` : ''
  } while (cursor)
  return items.reverse()
}

export type StrategyOverrides = Partial<BotConfig['strategies'][number]>

/** A configuration the free plan allows, trading often enough for a test: one strategy with a dual martingale. */
export function dualMartingale(over: StrategyOverrides = {}, bot: Partial<BotConfig> = {}): BotConfig {
  return {
    mode: 'paper',
    onStop: 'close',
    capital: '100.00',
    risk: {},
    strategies: [
      {
        id: randomUUID(),
        name: 'First',
        enabled: true,
        strategy: 'ema-cross',
        params: {},
        symbols: ['BTCUSDT'],
        timeframe: 'M1',
        instrument: 'binary',
        expiryCandles: 1,
        stake: '1.00',
        martingale: { plan: 'classic', ladder: 'dual', next: 'signal', multiplier: '2.0', maxLevel: 2 },
        risk: {},
        ...over,
      },
    ],
    ...bot,
  }
}

export async function saveConfig(client: Client, config: BotConfig): Promise<void> {
  const { version } = await client.get('/bot/config')
  await expectStatus(200, client.call('PUT', '/bot/config', { version, config }))
}

/** Waits until the bot's status satisfies the claim, and returns it. */
export async function untilStatus(
  client: Client,
  what: string,
  claim: (status: Json) => boolean,
  timeoutMs = 60_000,
): Promise<Json> {
  let last: Json
  return await until(
    what,
    async () => {
      last = await client.get('/bot/status')
      return claim(last) ? last : undefined
    },
    { timeoutMs, everyMs: 50 },
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}; last status: ${JSON.stringify(last)}`)
  })
}
