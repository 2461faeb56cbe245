import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Bus, memoryBus, memoryRateLimiter } from '@sath/bus'
import type { BotConfig } from '@sath/core'
import { type Database, metricRows, type Role, tokenRepository, userRepository } from '@sath/db'
import { openTestDatabase } from '@sath/db/testing'
import { createPostgresMetrics } from '@sath/telemetry'
import { createSealer } from '@sath/vault/seal'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { type Logger, pino } from 'pino'
import { buildApp } from './app.js'
import { hashPassword } from './auth/passwords.js'
import { type Deps, defaultLimits } from './deps.js'
import type { StreamTimes } from './live/stream-session.js'

export interface TestUser {
  readonly id: string
  readonly email: string
  readonly token: string
  readonly sessionId: string
}

export interface CallOptions {
  readonly as?: TestUser | string | undefined
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
type Overrides = Partial<Deps> & { readonly streamTimes?: StreamTimes }

export const password = 'correct horse battery'
let passwordHash: Promise<string> | undefined

export interface TestApp extends Database {
  readonly app: FastifyInstance
  readonly bus: Bus
  readonly tenantsDir: string
  /** The program's log, and what was written into it. */
  readonly log: Logger
  readonly lines: readonly string[]
  call(method: Method, path: string, options?: CallOptions): Promise<LightMyRequestResponse>
  /** A confirmed user who is signed in. */
  user(role?: Role): Promise<TestUser>
}

/** The real app on a database of its own, closed with the test. Requests do not go through a socket. `/v1/…` is short for `/api/v1/…`. */
export async function setup(t: { teardown(run: () => unknown): void }, overrides: Overrides = {}): Promise<TestApp> {
  const database = await openTestDatabase(t)
  const tenantsDir = mkdtempSync(join(tmpdir(), 'sath-tenants-'))
  const bus = memoryBus()
  const lines: string[] = []
  const { streamTimes, ...given } = overrides
  const deps: Deps = {
    database,
    bus,
    limiter: memoryRateLimiter(),
    metrics: createPostgresMetrics(metricRows(database.db)).source,
    // Nothing here can open what it seals: any 32 bytes are a public key.
    sealer: createSealer({ current: 'test', keys: [{ id: 'test', publicKey: new Uint8Array(32).fill(9) }] }),
    log: pino({ level: 'debug' }, { write: (line: string) => lines.push(line) }),
    jwtSecret: 'a secret of thirty-two characters',
    accessTokenSeconds: 900,
    publicUrl: 'http://127.0.0.1:8080',
    tenantsDir,
    dashboardDir: undefined,
    outboxHosts: new Set(['127.0.0.1:8080']),
    trustProxy: false,
    liveAllowed: false,
    billing: undefined,
    limits: {
      ...defaultLimits,
      login: 100_000,
      register: 100_000,
      forgot: 100_000,
      open: 100_000,
      promo: 100_000,
    },
    ...given,
  }
  const app = buildApp(deps, streamTimes ? { streamTimes } : {})
  await app.ready()
  t.teardown(async () => {
    await app.close()
    rmSync(tenantsDir, { recursive: true, force: true })
  })

  const users = userRepository(database.db)
  const call = (
    method: Method,
    path: string,
    { as, body, headers = {} }: CallOptions = {},
  ): Promise<LightMyRequestResponse> => {
    const token = typeof as === 'string' ? as : as?.token
    return app.inject({
      method,
      url: path.startsWith('/v1/') ? `/api${path}` : path,
      headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
      ...(body === undefined ? {} : { payload: body as object }),
    })
  }
  return {
    ...database,
    app,
    bus,
    call,
    log: deps.log,
    lines,
    tenantsDir,
    async user(role = 'subscriber') {
      passwordHash ??= hashPassword(password)
      const email = `${randomUUID()}@example.com`
      const row = await users.create({ email, passwordHash: await passwordHash, role, verified: true })
      if (!row) throw new Error('the address is taken')
      const { familyId } = await tokenRepository(database.db).startFamily(row.id, 3_600_000, {
        address: null,
        agent: null,
      })
      return { id: row.id, email, sessionId: familyId, token: app.jwt.sign({ sub: row.id, sid: familyId }) }
    },
  }
}
/** Status and code of an answer, in one word: "409 held". */
export function verdict(response: LightMyRequestResponse): string {
  const { statusCode } = response
  return statusCode < 400 ? String(statusCode) : `${statusCode} ${response.json<{ code?: string }>().code}`
}

/** A configuration that every plan allows. */
export function config(over: Partial<BotConfig> = {}): BotConfig {
  return {
    mode: 'paper',
    onStop: 'close',
    capital: '100.00',
    risk: {},
    strategies: [strategy()],
    ...over,
  }
}

export function strategy(over: Partial<BotConfig['strategies'][number]> = {}): BotConfig['strategies'][number] {
  return {
    id: randomUUID(),
    name: 'First',
    enabled: true,
    strategy: 'rsi-reversal',
    params: {},
    symbols: ['BTCUSDT'],
    timeframe: 'M5',
    instrument: 'binary',
    expiryCandles: 1,
    stake: '1.00',
    martingale: { plan: 'none', ladder: 'single', next: 'signal', multiplier: '2.0', maxLevel: 0 },
    risk: {},
    ...over,
  }
}

/** A running run of the first epoch. */
export function runRow(tenantId: string) {
  return {
    id: randomUUID(),
    tenantId,
    epoch: 1,
    generation: 1,
    phase: 'running' as const,
    node: 'n',
    engine: 'memory',
    memoryMiB: 128,
    cpu: 0.25,
  }
}
