import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { outbox, readyPrograms } from '@sath/db'
import { openTestDatabase } from '@sath/db/testing'
import t from 'tap'
import { setup, verdict } from './app.fixture.js'
import { loadConfig, ownHosts, publicUrlOf } from './config.js'
import { errorFields } from './http/error-fields.js'

function folder(t: { teardown(run: () => unknown): void }): string {
  const path = mkdtempSync(join(tmpdir(), 'sath-api-'))
  t.teardown(() => rmSync(path, { recursive: true, force: true }))
  return path
}

t.test('the web page is served with its own routing and safe headers', async (t) => {
  const dashboardDir = folder(t)
  mkdirSync(join(dashboardDir, 'assets'))
  writeFileSync(join(dashboardDir, 'index.html'), '<!doctype html><title>Sath</title>')
  writeFileSync(join(dashboardDir, 'assets', 'app-3f9a.js'), 'export {}')
  writeFileSync(join(dashboardDir, '..', 'sath-outside.txt'), 'outside')
  t.teardown(() => rmSync(join(dashboardDir, '..', 'sath-outside.txt'), { force: true }))
  const { call } = await setup(t, { dashboardDir })
  for (const path of ['/', '/verify-email?token=x', '/admin/bots']) {
    const page = await call('GET', path)
    t.match([page.statusCode, page.body], [200, /<title>Sath/], path)
    t.equal(page.headers['cache-control'], 'no-cache')
    t.match(page.headers['content-security-policy'], "default-src 'self'")
    t.match(page.headers, {
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    })
  }
  t.match((await call('GET', '/assets/app-3f9a.js')).headers['cache-control'], 'immutable')
  for (const path of [
    '/api/v1/none',
    '/assets/none.js',
    '/none.png',
    '/..%2fsath-outside.txt',
    '/.%2e/sath-outside.txt',
  ])
    t.equal((await call('GET', path)).statusCode >= 400, true, path)
  t.equal(verdict(await call('POST', '/none')), '404 not-found')
})

t.test('without a database calls are refused for now, and the page says so', async (t) => {
  const app = await setup(t)
  const user = await app.user()
  await app.close()
  t.equal(verdict(await app.call('GET', '/v1/bot/status', { as: user })), '503 service-unavailable')
  t.equal(
    verdict(await app.call('POST', '/v1/auth/login', { body: { email: 'a@example.com', password: 'x' } })),
    '503 service-unavailable',
  )
  t.match((await app.call('GET', '/readyz')).json(), { status: 'not-ready', checks: { database: { ok: false } } })
  t.equal((await app.call('GET', '/healthz')).statusCode, 200)
})

t.test('a failed query is logged without what it was about', async (t) => {
  const { db } = await openTestDatabase(t)
  const error = await db
    .insert(outbox)
    .values({ toAddress: 'canary@example.com', subject: 's', text: 't', attempts: 2 ** 40 })
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
  t.ok(error instanceof Error && error.message.includes('canary'), 'the query builder tells all')
  const fields = JSON.stringify(errorFields(error))
  t.notMatch(fields, 'canary')
  t.match(fields, '22003')
})

t.test('settings are checked together, and derived ones fit', async (t) => {
  t.throws(() => loadConfig({ PORT: 'x', SMTP_URL: 'ftp://x' }), /DATABASE_URL.*PORT.*JWT_SECRET_FILE.*SMTP_URL/)
  const least = {
    DATABASE_URL: 'postgres://u:p@h/d',
    JWT_SECRET_FILE: 'a',
    VAULT_PUBLIC_FILE: 'b',
    SATH_TENANTS_DIR: 'c',
    PUBLIC_URL: '',
  }
  const config = loadConfig(least)
  t.match(config, { HOST: '127.0.0.1', PORT: 8080, DEV_OUTBOX: false, RATE_LIMIT_USER: 600 })
  t.equal(publicUrlOf(config), 'http://127.0.0.1:8080')
  t.equal(publicUrlOf({ ...config, HOST: '0.0.0.0' }), 'http://127.0.0.1:8080')
  t.equal(publicUrlOf(loadConfig({ ...least, PUBLIC_URL: 'https://sath.example/' })), 'https://sath.example')
  t.ok(ownHosts(config).has('localhost:8080'))
  const trust = (text?: string) => loadConfig({ ...least, TRUST_PROXY: text }).TRUST_PROXY
  t.same(
    [trust(), trust(''), trust('false'), trust('true'), trust('10.0.0.0/8,::1')],
    [false, false, false, true, '10.0.0.0/8,::1'],
  )
  t.throws(() => trust('yes'), /TRUST_PROXY: must be true or addresses/)
})

/** The next word of a program to its launcher; frames of the bus go by. */
async function word(child: ChildProcess): Promise<{ sath: string; message?: string; facts?: { address: string } }> {
  for (;;) {
    const [message] = (await once(child, 'message')) as [{ sath?: string }]
    if (message.sath === 'ready' || message.sath === 'fatal') return { ...message, sath: message.sath }
  }
}

t.test('the program starts, says that it serves, and stops when it is told or left alone', async (t) => {
  const { url, db } = await openTestDatabase(t)
  const home = folder(t)
  const jwt = join(home, 'jwt')
  const vault = join(home, 'vault.json')
  writeFileSync(jwt, 'a secret of thirty-two characters')
  // The id is the first half of the hash of this key; nothing sealed with it can be opened.
  writeFileSync(
    vault,
    JSON.stringify({
      version: 1,
      current: '66687aadf862bd77',
      keys: [{ publicKey: Buffer.alloc(32).toString('base64') }],
    }),
  )
  const env = {
    DATABASE_URL: url,
    PORT: '0',
    JWT_SECRET_FILE: jwt,
    VAULT_PUBLIC_FILE: vault,
    SATH_TENANTS_DIR: home,
    LOG_LEVEL: 'silent',
  }
  const start = (over = {}) =>
    fork(fileURLToPath(new URL('./main.js', import.meta.url)), { env: { ...env, ...over }, silent: true })
  const child = start()
  t.teardown(() => child.kill('SIGKILL'))
  const ready = await word(child)
  t.equal(ready.sath, 'ready')
  t.equal((await fetch(`${ready.facts?.address}/healthz`)).status, 200)
  t.match(await readyPrograms(db), [{ name: 'api' }])
  child.kill('SIGTERM')
  t.same(await once(child, 'exit'), [0, null])
  t.same(await readyPrograms(db), [])

  const orphan = start()
  t.teardown(() => orphan.kill('SIGKILL'))
  await word(orphan)
  orphan.disconnect()
  t.same(await once(orphan, 'exit'), [0, null])

  const early = start()
  t.teardown(() => early.kill('SIGKILL'))
  early.disconnect()
  t.same(await once(early, 'exit'), [0, null], 'also when it was alone before it could hear of it')

  const wrong = start({ PORT: 'x' })
  t.match(await word(wrong), { sath: 'fatal', message: /PORT/ })
  t.same(await once(wrong, 'exit'), [1, null])
})
