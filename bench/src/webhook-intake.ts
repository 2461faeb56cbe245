import { execFileSync, fork } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { on, once } from 'node:events'
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Database, migrate, openDatabase, seedPlans } from '@sath/db'
import type { Teardown } from '@sath/testkit'
import { signatureHeader } from '@sath/testkit/stripe'
import autocannon from 'autocannon'
import { cleanup } from './cleanup.js'
import { compared, type Figure } from './figure.js'
import { benchPostgres } from './postgres.js'
import type { Sizes } from './sizes.js'

const secret = `whsec_${randomBytes(24).toString('hex')}`
const customers = 100

/** How many events of Stripe's are checked, stored and answered a second, beside a route that only reads the bytes. */
export async function webhookIntake(whole: Teardown, directory: string, sizes: Sizes): Promise<Figure[]> {
  // What it starts ends with it: the parts that follow want a quiet machine.
  const own = cleanup()
  whole.teardown(own.run)
  try {
    chmodSync(directory, 0o711)
    return await measureIntake(own, mkdtempSync(join(directory, 'webhook-')), sizes)
  } finally {
    await own.run()
  }
}

async function measureIntake(t: Teardown, directory: string, sizes: Sizes): Promise<Figure[]> {
  const server = await benchPostgres(t, directory)
  await migrate(server.url())
  const database = openDatabase(server.url(), { max: 2, name: 'sath-bench' })
  t.teardown(() => database.close())
  await seedPlans(database.db)
  const api = await startApi(t, directory, server.url())
  const bareUrl = `${await startBare(t)}/webhook`
  const apiUrl = `${api}/api/v1/billing/webhook/stripe`
  const { connections, statusSeconds: seconds, statusRounds } = sizes
  const [ours, bare]: [Shot[], Shot[]] = [[], []]
  let accepted = await fire(apiUrl, connections, 1)
  await fire(bareUrl, connections, 1)
  for (let round = 0; round < statusRounds; round++) {
    const shot = await fire(apiUrl, connections, seconds)
    accepted = { ...shot, answers: accepted.answers + shot.answers }
    ours.push(shot)
    bare.push(await fire(bareUrl, connections, seconds))
  }
  await assertStored(database, accepted.answers)
  const how = `autocannon for ${seconds} s against each in turn, ${statusRounds} rounds; every request is another event of ${eventBody('').length} bytes, signed by the sender for both; ours: the API's own program, signature, row in a durable Postgres, answer, while its loop takes the rows up (a type of which nothing follows, of ${customers} customers); bare: Fastify with one route that reads the raw body, in a process of its own`
  return [
    compared({
      name: `events of Stripe, ${connections} senders`,
      unit: 'a second',
      ours: ours.map(({ perSecond }) => perSecond),
      bare: bare.map(({ perSecond }) => perSecond),
      bound: { atLeast: 0.3 },
      how,
    }),
    compared({
      name: `events of Stripe, ${connections} senders, p99`,
      unit: 'ms',
      ours: ours.map(({ p99 }) => p99),
      bare: bare.map(({ p99 }) => p99),
      how,
    }),
  ]
}

interface Shot {
  readonly perSecond: number
  readonly answers: number
  /** ms. */
  readonly p99: number
}

/** @throws Error when an answer was not a success: then something else was measured */
async function fire(url: string, connections: number, duration: number): Promise<Shot> {
  const result = await autocannon({
    url,
    connections,
    duration,
    requests: [
      {
        method: 'POST',
        setupRequest(request) {
          const payload = eventBody(randomUUID())
          const timestamp = Math.floor(Date.now() / 1_000)
          const headers = {
            'content-type': 'application/json; charset=utf-8',
            'stripe-signature': signatureHeader({ payload, secret, timestamp }),
          }
          return { ...request, headers, body: payload }
        },
      },
    ],
  })
  const { non2xx, errors, timeouts, latency } = result
  if (non2xx + errors + timeouts > 0)
    throw new Error(`${url}: ${non2xx} answers were refusals, ${errors} errors, ${timeouts} time-outs`)
  return { perSecond: result['2xx'] / result.duration, answers: result['2xx'], p99: latency.p99 }
}

/** An event of the size that one about a subscription has. */
function eventBody(id: string): string {
  const customer = `cus_${Number.parseInt(id.slice(0, 6) || '0', 16) % customers}`
  return `{"id":"evt_${id}","object":"event","api_version":"2026-10-28.endive","created":1,"livemode":false,"type":"customer.updated","data":{"object":{"id":"${customer}","object":"customer","description":"${'x'.repeat(3_000)}"}}}`
}

/** Whoever was answered is on disk. @throws Error when not */
async function assertStored({ sql }: Database, answers: number): Promise<void> {
  const [row] = await sql<{ n: number }[]>`select count(*)::int as n from stripe_events`
  if (row === undefined || row.n < answers) throw new Error(`${answers} events were accepted and ${row?.n} stored`)
}

async function startApi(t: Teardown, directory: string, databaseUrl: string): Promise<string> {
  const keys = { opening: join(directory, 'opening.json'), public: join(directory, 'public.json') }
  execFileSync(process.execPath, [
    fileURLToPath(import.meta.resolve('../../packages/vault/build/main-keys.js')),
    keys.opening,
    keys.public,
  ])
  const jwtSecretFile = join(directory, 'jwt')
  writeFileSync(jwtSecretFile, randomBytes(32).toString('hex'))
  const child = fork(fileURLToPath(new URL('../../api/build/main.js', import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: databaseUrl,
      PORT: '0',
      JWT_SECRET_FILE: jwtSecretFile,
      VAULT_PUBLIC_FILE: keys.public,
      SATH_TENANTS_DIR: directory,
      STRIPE_SECRET_KEY: 'sk_test_bench',
      STRIPE_WEBHOOK_SECRET: secret,
      // Nothing is asked of it here.
      STRIPE_API_BASE: 'http://127.0.0.1:9',
    },
  })
  t.teardown(() => child.kill())
  // Its bus speaks over the same line.
  for await (const [message] of on(child, 'message')) {
    const { sath, facts } = message as { sath?: string; facts?: { address: string } }
    if (sath === 'ready' && facts) return facts.address
    if (sath === 'fatal') throw new Error('the API does not start')
  }
  throw new Error('the API has ended')
}

async function startBare(t: Teardown): Promise<string> {
  const child = fork(fileURLToPath(new URL('./main-bare-webhook.js', import.meta.url)), {
    env: { PATH: process.env.PATH },
  })
  t.teardown(() => child.kill())
  const [message] = (await once(child, 'message')) as [{ address: string }]
  return message.address
}
