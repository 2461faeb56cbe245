import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { credentials, type Database, users } from '@sath/db'
import { openTestDatabase } from '@sath/db/testing'
import { until, walk } from '@sath/testkit'
import {
  createOpener,
  generateKeyRing,
  type KeyRing,
  publicPart,
  readKeyRing,
  rotate,
  rotateKeyFiles,
} from '@sath/vault/open'
import { createSealer } from '@sath/vault/seal'
import { asc, eq, inArray, sql } from 'drizzle-orm'
import pino from 'pino'
import t from 'tap'
import { gatewayProcess } from '../testing/gateway-process.js'
import { recording, setup, start } from '../testing/setup.js'
import { createResealing } from './reseal-stored.js'

type Db = Database['db']

async function newTenant(db: Db): Promise<string> {
  const id = randomUUID()
  await db.insert(users).values({ id, email: `${id}@example.com`, passwordHash: 'x' })
  return id
}

/** Stores a secret as the API does. */
async function store(db: Db, ring: KeyRing, tenantId: string, secret: string, kind: 'exchange' | 'ai' = 'exchange') {
  const id = randomUUID()
  const box = createSealer(publicPart(ring)).seal({ tenantId, credentialId: id, purpose: kind, secret })
  const environment = kind === 'ai' ? null : 'testnet'
  await db.insert(credentials).values({ id, tenantId, kind, provider: 'binance', environment, hint: '1234', ...box })
  return id
}

const rowOf = async (db: Db, id: string) => (await db.select().from(credentials).where(eq(credentials.id, id)))[0]!

/** What the gateway would make of every stored value: its key and its secret, in order of the ids. */
async function opened(db: Db, ring: KeyRing) {
  const opener = createOpener(ring)
  const rows = await db.select().from(credentials).orderBy(asc(credentials.id))
  const open = async ({ id, tenantId, kind, keyId, sealed }: (typeof rows)[number]) => ({
    id,
    keyId,
    secret: await opener.use({ keyId, sealed }, { tenantId, credentialId: id, purpose: kind }, async (secret) =>
      Buffer.from(secret).toString(),
    ),
  })
  return await Promise.all(rows.map(open))
}

/** Resolves once a statement on credentials waits for a lock that somebody else holds. */
const somebodyWaits = (db: Db) =>
  until('somebody to wait for the row', async () => {
    const [row] = await db.execute<{ waiting: number }>(sql`
      select count(*)::int as waiting from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query ilike '%update "credentials"%'`)
    return (row?.waiting ?? 0) > 0
  })

function logger() {
  const lines: Record<string, unknown>[] = []
  const write = (chunk: Buffer, _: unknown, done: () => void) => {
    lines.push(JSON.parse(chunk.toString()))
    done()
  }
  return { lines, log: pino({ level: 'trace' }, new Writable({ write })) }
}

const never = new AbortController().signal

t.test('seals what is stored for the current key; the secret and what it is bound to stay', async (t) => {
  const { db } = await openTestDatabase(t)
  const old = generateKeyRing()
  const [alice, bob] = [await newTenant(db), await newTenant(db)]
  const secrets = new Map<string, string>()
  for (let n = 0; n < 25; n++) secrets.set(await store(db, old, alice, `canary-${n}`), `canary-${n}`)
  const ai = await store(db, old, bob, 'canary-ai', 'ai')
  secrets.set(ai, 'canary-ai')
  const before = await rowOf(db, ai)

  let ring = old
  const { lines, log } = logger()
  const resealStored = createResealing({ db, log, readRing: async () => ring })
  await resealStored(never)
  t.same(await rowOf(db, ai), before, 'nothing to do')
  t.same(lines, [])

  ring = rotate(old)
  await resealStored(never)
  const now = await opened(db, { ...ring, keys: ring.keys.slice(0, 1) })
  t.equal(now.length, 26)
  t.ok(now.every(({ keyId }) => keyId === ring.current))
  t.same(new Map(now.map(({ id, secret }) => [id, secret])), secrets, 'and the old key is needed for none')
  const { keyId, sealed, ...rest } = await rowOf(db, ai)
  const { keyId: _, sealed: __, ...restBefore } = before
  t.same(rest, restBefore, 'nothing else of the row changed')
  const elsewhere = { tenantId: alice, credentialId: ai, purpose: 'ai' }
  await t.rejects(
    createOpener(ring).use({ keyId, sealed }, elsewhere, async () => {}),
    { code: 'wrong-context' },
  )
  t.match(lines, [{ resealed: 26, overtaken: 0, unopened: 0 }])
  t.notMatch(JSON.stringify(lines), /canary|credentialId/)

  await resealStored(never)
  t.equal(lines.length, 1, 'nothing to do twice')
})

t.test('what its owner saves meanwhile stays, for whichever key', async (t) => {
  const { db } = await openTestDatabase(t)
  const old = generateKeyRing()
  const ring = rotate(old)
  const tenantId = await newTenant(db)
  const { lines, log } = logger()
  const resealStored = createResealing({ db, log, readRing: async () => ring })
  for (const [name, apiRing] of [
    ['an API that was not restarted', old],
    ['one that was', ring],
  ] as const) {
    const id = await store(db, old, tenantId, 'before')
    const context = { tenantId, credentialId: id, purpose: 'exchange' }
    let resealing: Promise<void> | undefined
    await db.transaction(async (tx) => {
      const box = createSealer(publicPart(apiRing)).seal({ ...context, secret: 'after' })
      await tx.update(credentials).set(box).where(eq(credentials.id, id))
      resealing = resealStored(never)
      await somebodyWaits(db)
    })
    await resealing
    const saved = await rowOf(db, id)
    t.equal(saved.keyId, apiRing.current, name)
    t.ok((await opened(db, ring)).every(({ secret }) => secret === 'after'))
    await resealStored(never)
    t.ok((await opened(db, ring)).every(({ keyId, secret }) => keyId === ring.current && secret === 'after'))
  }
  t.match(lines, [{ resealed: 1 }], 'once: what was saved for the old key had its turn later')
})

t.test('what cannot be opened is left, told of once, and stops nobody else', async (t) => {
  const { db } = await openTestDatabase(t)
  const old = generateKeyRing()
  const ring = rotate(old)
  const [tenantId, other] = [await newTenant(db), await newTenant(db)]
  const lost = await store(db, generateKeyRing(), tenantId, 'of a lost key')
  const moved = await store(db, old, tenantId, 'of another tenant')
  await db.update(credentials).set({ tenantId: other }).where(eq(credentials.id, moved))
  const damaged = await store(db, old, tenantId, 'damaged')
  await db
    .update(credentials)
    .set({ sealed: Buffer.alloc(90) })
    .where(eq(credentials.id, damaged))
  const bad = [lost, moved, damaged]
  const before = await Promise.all(bad.map((id) => rowOf(db, id)))
  // More than one page on both sides of them.
  const good = await Promise.all(Array.from({ length: 45 }, (_, n) => store(db, old, tenantId, `fine ${n}`)))

  const { lines, log } = logger()
  const resealStored = createResealing({ db, log, readRing: async () => ring })
  await resealStored(never)
  await resealStored(never)
  t.same(await Promise.all(bad.map((id) => rowOf(db, id))), before)
  const keysOf = await db.select({ keyId: credentials.keyId }).from(credentials).where(inArray(credentials.id, good))
  t.ok(keysOf.every(({ keyId }) => keyId === ring.current))
  const told = lines.filter(({ msg }) => `${msg}`.includes('cannot be opened'))
  const faultOf = new Map(told.map(({ credentialId, fault }) => [credentialId, fault]))
  t.same(
    bad.map((id) => faultOf.get(id)),
    ['unknown-key', 'wrong-context', 'damaged'],
  )
  t.equal(told.length, 3)
  t.match(
    lines.filter(({ level }) => level === 30),
    [{ resealed: 45, unopened: 3 }],
  )
})

t.test('stops between two values when the gateway ends', async (t) => {
  const { db } = await openTestDatabase(t)
  const old = generateKeyRing()
  const ring = rotate(old)
  await store(db, old, await newTenant(db), 'x')
  await createResealing({ db, log: pino({ level: 'silent' }), readRing: async () => ring })(AbortSignal.abort())
  t.match(await opened(db, ring), [{ keyId: old.current, secret: 'x' }])
})

t.test('a gateway killed in the middle loses nothing, and the next one goes on', async (t) => {
  const at = await setup(t)
  const { db, database } = at
  const gateway = await gatewayProcess(t, at, recording(t, { BTCUSDT: walk(3, { start, seed: 1 }) }))
  const old = await readKeyRing(gateway.keys.opening)
  const tenantId = await newTenant(db)
  for (let n = 0; n < 30; n++) await store(db, old, tenantId, `canary-${n}`)
  const before = await opened(db, old)
  const ring = await rotateKeyFiles(gateway.keys)
  const resealed = async () => (await opened(db, ring)).filter(({ keyId }) => keyId === ring.current).length
  const secrets = (values: typeof before) => values.map(({ id, secret }) => `${id} ${secret}`)
  t.match(await status(at.url, gateway.keys.opening), {
    code: 1,
    said: new RegExp(`${old.current} +30 stored values +older\n30 stored values still need another key`),
  })

  await database.sql.begin(async (tx) => {
    await tx`select from credentials where id = ${before[14]!.id} for update`
    await gateway.start()
    await somebodyWaits(db)
    t.equal(await resealed(), 14)
    await gateway.kill('SIGKILL')
  })
  t.same(secrets(await opened(db, ring)), secrets(before))

  await gateway.start()
  await until('all to be sealed anew', async () => (await resealed()) === 30)
  t.same(secrets(await opened(db, { ...ring, keys: ring.keys.slice(0, 1) })), secrets(before))
  t.equal(await gateway.kill('SIGTERM'), 0)
  t.match(await status(at.url, gateway.keys.opening), { code: 0, said: /Only the current key is needed/ })
})

/** What the command says of the keys that are still needed. */
function status(url: string, keyFile: string): Promise<{ code: number; said: string }> {
  const command = fileURLToPath(new URL('../main-vault-keys.js', import.meta.url))
  const env = { DATABASE_URL: url, VAULT_PRIVATE_FILE: keyFile }
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [command], { env }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, said: stdout + stderr }),
    )
  })
}
