import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import { credentialRepository, credentials, jobs, users } from '@sath/db'
import { openTestDatabase } from '@sath/db/testing'
import { createOpener, generateKeyRing, publicPart, rotate } from '@sath/vault/open'
import { createSealer } from '@sath/vault/seal'
import { eq } from 'drizzle-orm'
import pino from 'pino'
import t from 'tap'
import { runKeyTests } from './key-tests.js'
import { createResealing } from './reseal-stored.js'

const secret = { apiKey: 'canary-api-key-1234', secret: 'canary-secret-key-5678' }

t.test('keys are tried, their fate is written, and nothing of them is said', async (t) => {
  const { db } = await openTestDatabase(t)
  const ring = generateKeyRing()
  const rotated = rotate(ring)
  const opener = createOpener(rotated)
  const sealer = createSealer(publicPart(ring))
  let logged = ''
  const log = pino(
    { level: 'trace' },
    new Writable({
      write(chunk, _, done) {
        logged += chunk
        done()
      },
    }),
  )
  /** What happens while the broker is asked. */
  let meanwhile = async () => {}
  const server = createServer(async (request, response) => {
    await meanwhile()
    const good = request.headers['x-mbx-apikey'] === secret.apiKey
    response.writeHead(good ? 200 : 401, { 'content-type': 'application/json' })
    response.end(
      good
        ? JSON.stringify({ canTrade: true, balances: [{ asset: 'USDT', free: '12.5', locked: '0' }] })
        : JSON.stringify({ code: -2015, msg: `bad ${request.headers['x-mbx-apikey']}` }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const [tenantId, other] = [randomUUID(), randomUUID()]
  for (const id of [tenantId, other])
    await db.insert(users).values({ id, email: `${id}@example.com`, passwordHash: 'x' })

  async function key(owner: string, sealedFor: string, values: object): Promise<string> {
    const id = randomUUID()
    const context = { tenantId: sealedFor, credentialId: id, purpose: 'exchange' }
    const { keyId, sealed } = sealer.seal({ ...context, secret: JSON.stringify(values) })
    await db.insert(credentials).values({
      id,
      tenantId: owner,
      kind: 'exchange',
      provider: 'binance',
      environment: 'testnet',
      hint: '1234',
      keyId,
      sealed,
    })
    return id
  }
  const ask = async (credentialId: string, owner = tenantId) => {
    const [job] = await db
      .insert(jobs)
      .values({ tenantId: owner, kind: 'key-test', input: { credentialId } })
      .returning()
    await runKeyTests({ db, log, opener, owner: 'test', options: { binance: { baseUrl, timeoutMs: 2_000 } } })
    const [row] = await db.select().from(jobs).where(eq(jobs.id, job!.id))
    return row!
  }

  const good = await key(tenantId, tenantId, secret)
  t.match(await ask(good), { status: 'done', result: { status: 'ok' } })
  t.match((await db.select().from(credentials).where(eq(credentials.id, good)))[0], {
    status: 'ok',
    lastConnectedAt: Date,
  })

  const bad = await key(tenantId, tenantId, { ...secret, apiKey: 'canary-wrong-key' })
  t.match(await ask(bad), { status: 'done', result: { status: 'failed' } })
  t.match((await db.select().from(credentials).where(eq(credentials.id, bad)))[0], { status: 'failed' })

  const credentialsOf = async (id: string) => (await db.select().from(credentials).where(eq(credentials.id, id)))[0]
  const resealed = await key(tenantId, tenantId, secret)
  meanwhile = () => createResealing({ db, log, readRing: async () => rotated })(new AbortController().signal)
  t.match(await ask(resealed), { result: { status: 'ok' } })
  t.match(await credentialsOf(resealed), { keyId: rotated.current, status: 'ok' }, 'sealed anew, it is the same key')
  const replaced = await key(tenantId, tenantId, secret)
  meanwhile = async () => {
    const context = { tenantId, credentialId: replaced, purpose: 'exchange' }
    const box = sealer.seal({ ...context, secret: JSON.stringify({ ...secret, apiKey: 'another' }) })
    await credentialRepository(db, tenantId).replace(replaced, { ...box, hint: 'ther' })
  }
  t.match(await ask(replaced), { result: { status: 'ok' } })
  t.match(await credentialsOf(replaced), { hint: 'ther', status: 'untested' }, 'what was saved meanwhile was not tried')
  meanwhile = async () => {}

  const moved = await key(other, tenantId, secret)
  t.match(
    await ask(moved, other),
    { result: { status: 'failed', detail: /could not be opened/ } },
    'a value moved to another row',
  )
  t.match(await ask(good, other), { result: { status: 'failed' } }, 'somebody else’s key')
  const rows = JSON.stringify([
    await db.select().from(jobs),
    await db.select({ d: credentials.lastTestDetail }).from(credentials),
  ])
  for (const canary of ['canary-api', 'canary-secret', 'canary-wrong']) {
    t.notOk(rows.includes(canary) || logged.includes(canary), `${canary} is nowhere`)
  }
})
