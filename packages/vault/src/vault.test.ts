import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import t from 'tap'
import {
  createKeyFiles,
  createOpener,
  generateKeyRing,
  publicPart,
  readKeyRing,
  reseal,
  rotate,
  rotateKeyFiles,
  type SealContext,
} from './open.js'
import * as sealEntry from './seal.js'
import { createSealer, parsePublicKeys } from './seal.js'

const ring = generateKeyRing()
const sealer = createSealer(publicPart(ring))
const opener = createOpener(ring)

const contexts = fc.record({ tenantId: fc.string(), credentialId: fc.string(), purpose: fc.string() })
const secrets = fc.uint8Array({ maxLength: 300 })
const copyOf = async (secret: Uint8Array) => Uint8Array.from(secret)
const runs = { numRuns: 200 }

t.test('gives back what was sealed, to the same context', () =>
  fc.assert(
    fc.asyncProperty(contexts, secrets, async (context, secret) => {
      const sealed = sealer.seal({ ...context, secret })
      t.same(await opener.use(sealed, context, copyOf), secret)
    }),
    runs,
  ),
)

t.test('seals text as UTF-8', async (t) => {
  const context = { tenantId: 't', credentialId: 'c', purpose: 'exchange' }
  const sealed = sealer.seal({ ...context, secret: '{"apiKey":"ключ"}' })
  t.equal(await opener.use(sealed, context, async (secret) => Buffer.from(secret).toString()), '{"apiKey":"ключ"}')
  t.notOk(Buffer.from(sealed.sealed).includes('apiKey'))
})

t.test('refuses every other context', () =>
  fc.assert(
    fc.asyncProperty(contexts, contexts, secrets, async (made, other, secret) => {
      fc.pre(JSON.stringify(made) !== JSON.stringify(other))
      const sealed = sealer.seal({ ...made, secret })
      await t.rejects(opener.use(sealed, other, copyOf), { code: 'wrong-context' })
    }),
    runs,
  ),
)

t.test('refuses a context whose words are cut elsewhere', async (t) => {
  const sealed = sealer.seal({ tenantId: 'ab', credentialId: 'c', purpose: 'd', secret: 'x' })
  for (const other of [
    { tenantId: 'a', credentialId: 'bc', purpose: 'd' },
    { tenantId: 'ab', credentialId: 'cd', purpose: '' },
    { tenantId: 'abc', credentialId: '', purpose: 'd' },
  ]) {
    await t.rejects(opener.use(sealed, other, copyOf), { code: 'wrong-context' })
  }
})

t.test('refuses any flipped bit', () =>
  fc.assert(
    fc.asyncProperty(contexts, secrets, fc.nat(), fc.integer({ min: 0, max: 7 }), async (context, secret, at, bit) => {
      const { keyId, sealed } = sealer.seal({ ...context, secret })
      const index = at % sealed.length
      sealed[index] = sealed[index]! ^ (1 << bit)
      await t.rejects(opener.use({ keyId, sealed }, context, copyOf), { code: 'damaged' })
    }),
    runs,
  ),
)

t.test('refuses a value of another installation and a cut one', async (t) => {
  const context: SealContext = { tenantId: 't', credentialId: 'c', purpose: 'p' }
  const foreign = createSealer(publicPart(generateKeyRing())).seal({ ...context, secret: 'x' })
  await t.rejects(opener.use(foreign, context, copyOf), { code: 'unknown-key' })
  await t.rejects(opener.use({ ...foreign, keyId: ring.current }, context, copyOf), { code: 'damaged' })
  const { keyId, sealed } = sealer.seal({ ...context, secret: 'x' })
  await t.rejects(opener.use({ keyId, sealed: sealed.subarray(0, 20) }, context, copyOf), { code: 'damaged' })
})

t.test('zeroes the secret after use, and after a failed use', async (t) => {
  const context: SealContext = { tenantId: 't', credentialId: 'c', purpose: 'p' }
  const sealed = sealer.seal({ ...context, secret: 'very secret' })
  const kept = await opener.use(sealed, context, async (secret) => {
    t.equal(Buffer.from(secret).toString(), 'very secret')
    return secret
  })
  t.same([...kept], Array(11).fill(0))
  let seen: Uint8Array | undefined
  const failing = opener.use(sealed, context, async (secret) => {
    seen = secret
    throw new Error('use fails')
  })
  await t.rejects(failing, { message: 'use fails' })
  t.same([...seen!], Array(11).fill(0))
})

t.test('opens old values after a rotation, also when it learns of the new key late', async (t) => {
  const context: SealContext = { tenantId: 't', credentialId: 'c', purpose: 'p' }
  const old = sealer.seal({ ...context, secret: 'old' })
  const rotated = rotate(ring)
  const newSealer = createSealer(publicPart(rotated))
  const fresh = newSealer.seal({ ...context, secret: 'new' })
  t.not(fresh.keyId, old.keyId)
  await t.rejects(opener.use(fresh, context, copyOf), { code: 'unknown-key' })
  const late = createOpener(ring, { reload: async () => rotated })
  const text = async (secret: Uint8Array) => Buffer.from(secret).toString()
  t.equal(await late.use(fresh, context, text), 'new')
  t.equal(await late.use(old, context, text), 'old')

  const resealed = await reseal(late, newSealer, old, context)
  t.equal(resealed?.keyId, rotated.current)
  t.equal(await late.use(resealed!, context, text), 'old')
  t.equal(await reseal(late, newSealer, resealed!, context), undefined, 'nothing to do twice')

  let seen: Uint8Array | undefined
  const watching: typeof newSealer = {
    ...newSealer,
    seal(value) {
      seen = value.secret as Uint8Array
      t.equal(Buffer.from(seen).toString(), 'old')
      return newSealer.seal(value)
    },
  }
  await reseal(late, watching, old, context)
  t.same([...seen!], [0, 0, 0], 'of the secret nothing is left in between')
})

t.test('cannot open anything from the entry point of the API', (t) => {
  t.same(Object.keys(sealEntry).sort(), ['createSealer', 'parsePublicKeys'])
  t.throws(() => sealEntry.parsePublicKeys('{"version":1,"keys":[]}'), { code: 'bad-key-file' })
  t.end()
})

t.test('keeps keys in files that only we can read', async (t) => {
  const directory = t.testdir({})
  const files = { opening: join(directory, 'keys', 'opening.json'), public: join(directory, 'keys', 'public.json') }
  const created = await createKeyFiles(files)
  t.equal(statSync(files.opening).mode & 0o777, 0o600)
  t.same(await createKeyFiles(files), created, 'existing keys are never replaced')
  t.same(await readKeyRing(files.opening), created)
  t.notMatch(readFileSync(files.public, 'utf8'), /privateKey/)
  t.same(parsePublicKeys(readFileSync(files.public, 'utf8')), publicPart(created))

  const command = fileURLToPath(new URL('./main-rotate.js', import.meta.url))
  const said = execFileSync(process.execPath, [command, files.opening, files.public], { encoding: 'utf8' })
  const rotated = await readKeyRing(files.opening)
  t.match(said, rotated.current)
  t.same(rotated.keys.slice(1), created.keys)
  t.equal(parsePublicKeys(readFileSync(files.public, 'utf8')).current, rotated.current)
  t.equal(statSync(files.opening).mode & 0o777, 0o600)

  const run = (id: string) =>
    spawnSync(process.execPath, [command.replace('rotate', 'drop'), files.opening, files.public, id])
  t.equal(run(rotated.current).status, 1, 'the current key stays')
  t.equal(run('another').status, 1)
  t.same(await readKeyRing(files.opening), rotated)
  t.equal(run(created.current).status, 0)
  t.same(await readKeyRing(files.opening), { ...rotated, keys: rotated.keys.slice(0, 1) })
  t.equal(parsePublicKeys(readFileSync(files.public, 'utf8')).keys.length, 1)
  await rotateKeyFiles(files)

  const both = await Promise.allSettled([rotateKeyFiles(files), rotateKeyFiles(files)])
  const won = both.filter(({ status }) => status === 'fulfilled').length
  t.equal((await readKeyRing(files.opening)).keys.length, 2 + won, 'no key is lost between two rotations at once')

  writeFileSync(`${files.opening}.lock`, '')
  await t.rejects(rotateKeyFiles(files), { message: /Somebody else is writing/ })
  utimesSync(`${files.opening}.lock`, 0, 0)
  await rotateKeyFiles(files)
  t.equal((await readKeyRing(files.opening)).keys.length, 3 + won, 'an old lock is taken away')

  const { pid } = spawnSync(process.execPath, ['-e', ''])
  writeFileSync(`${files.opening}.lock`, `${hostname()} ${pid}\n`)
  await rotateKeyFiles(files)
  t.equal((await readKeyRing(files.opening)).keys.length, 4 + won, 'and at once the lock of one who was killed here')
  writeFileSync(`${files.opening}.lock`, `elsewhere ${pid}\n`)
  await t.rejects(rotateKeyFiles(files), { message: /Somebody else/ }, 'whether one elsewhere lives is not known')
})

t.test('refuses key files that are not, without quoting them', async (t) => {
  const pair = generateKeyRing()
  const directory = t.testdir({ a: '{"privateKey":"c2VjcmV0' })
  const error = await readKeyRing(join(directory, 'a')).catch((error) => error)
  t.match(error, { code: 'bad-key-file' })
  t.notMatch(String(error.message), 'c2VjcmV0')
  const [key] = pair.keys
  const swapped = {
    version: 1,
    current: key!.id,
    keys: [
      {
        publicKey: Buffer.from(key!.publicKey).toString('base64'),
        privateKey: Buffer.from(key!.publicKey).toString('base64'),
      },
    ],
  }
  writeFileSync(join(directory, 'b'), JSON.stringify(swapped))
  await t.rejects(readKeyRing(join(directory, 'b')), { code: 'bad-key-file' }, 'an opening key that does not fit')
})
