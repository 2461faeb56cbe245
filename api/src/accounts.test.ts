import { bots, jobs, outbox, users } from '@sath/db'
import { eq, sql } from 'drizzle-orm'
import t from 'tap'
import { config, password, setup, type TestApp, verdict } from './app.fixture.js'
import { commonPasswords } from './auth/common-passwords.js'
import { lockMs, strangers } from './auth/lockout.js'
import { weakness } from './auth/weak-password.js'

interface Session {
  accessToken: string
  refreshToken: string
  user: { id: string }
}

const app = await setup(t)
let count = 0
const newEmail = () => `ada${++count}@example.com`

const local = { host: '127.0.0.1:8080' }
const auth = (on: TestApp, call: string, body: unknown, headers = {}) =>
  on.call('POST', `/v1/auth/${call}`, { body, headers })

async function mails(to: string) {
  const response = await app.call('GET', `/v1/dev/outbox?to=${encodeURIComponent(to)}`, { headers: local })
  return response.json<{ items: { token?: string; subject: string; html?: string; links: string[] }[] }>().items
}

async function signUp(email: string) {
  await auth(app, 'register', { email, password })
  const [mail] = await mails(email)
  await auth(app, 'verify-email', { token: mail?.token })
  return (await auth(app, 'login', { email, password })).json<Session>()
}

t.test('somebody registers, confirms the address and signs in', async (t) => {
  const email = 'Ada@Example.com'
  const registered = await auth(app, 'register', { email, password, name: 'Ada', country: 'ES', locale: 'es' })
  t.same([registered.statusCode, registered.json()], [202, { status: 'verification-sent' }])
  t.equal(verdict(await auth(app, 'login', { email, password })), '403 email-not-verified')
  const [mail] = await mails('ada@example.com')
  t.equal(mail?.links[0], `http://127.0.0.1:8080/verify-email?token=${mail?.token}`)
  t.match(mail, { subject: 'Confirma tu dirección', html: /^<!doctype html>\n<html lang="es">/ })
  t.equal(verdict(await auth(app, 'verify-email', { token: mail?.token })), '204')
  t.equal(verdict(await auth(app, 'verify-email', { token: mail?.token })), '400 invalid-token', 'a link works once')
  const login = await auth(app, 'login', { email, password })
  t.match(login.json(), {
    accessToken: String,
    refreshToken: String,
    expiresIn: 900,
    user: { email: 'ada@example.com', role: 'subscriber', locale: 'es' },
  })
  const me = await app.call('GET', '/v1/users/me', { as: login.json<Session>().accessToken })
  t.match(me.json(), { name: 'Ada', country: 'ES', plan: { id: 'free' } })
  t.notMatch(app.lines.join('\n'), /ada@example/i, 'no address in the log')
})

t.test('nobody can tell whether an address has an account', async (t) => {
  const email = newEmail()
  await signUp(email)
  const answers = async (email: string) => {
    const registered = await auth(app, 'register', { email, password })
    const forgotten = await auth(app, 'forgot-password', { email })
    const tries = []
    for (let n = 0; n < 7; n++) tries.push(await auth(app, 'login', { email, password: 'not the password' }))
    return [registered, forgotten, ...tries].map((r) => [r.statusCode, r.body, r.headers['retry-after']])
  }
  // Stranger: was asked for a new account just now, which is another matter. So: an address nobody ever used, for sign-ins.
  const known = await answers(email)
  t.same((await answers('bob@example.com')).slice(0, 2), known.slice(0, 2))
  const stranger = []
  for (let n = 0; n < 7; n++)
    stranger.push(await auth(app, 'login', { email: 'eve@example.com', password: 'not the password' }))
  t.same(
    stranger.map((r) => [r.statusCode, r.body, r.headers['retry-after']]),
    known.slice(2),
  )
  t.same((await mails(email)).map(({ subject }) => subject).slice(0, 2), [
    'Choose a new password',
    'You have an account already',
  ])
})

t.test('a wrong password again and again locks for a while, the right one too, and a reset opens', async (t) => {
  const email = newEmail()
  await signUp(email)
  for (let n = 0; n < 5; n++)
    t.equal(verdict(await auth(app, 'login', { email, password: 'wrong' })), '401 bad-credentials')
  const locked = await auth(app, 'login', { email, password })
  t.equal(verdict(locked), '429 rate-limited')
  t.ok(Number(locked.headers['retry-after']) > 20 && Number(locked.headers['retry-after']) <= 30)
  await app.db.update(users).set({ lockedUntil: sql`now()` })
  t.equal(verdict(await auth(app, 'login', { email, password: 'wrong' })), '401 bad-credentials')
  t.ok(Number((await auth(app, 'login', { email, password })).headers['retry-after']) > 50, 'twice as long')
  await auth(app, 'forgot-password', { email })
  const [mail] = await mails(email)
  t.equal(
    verdict(await auth(app, 'reset-password', { token: mail?.token, password: 'password123' })),
    '400 weak-password',
  )
  t.equal(verdict(await auth(app, 'reset-password', { token: mail?.token, password: 'another long one' })), '204')
  t.equal(verdict(await auth(app, 'login', { email, password: 'another long one' })), '200')
})

t.test('a refresh token works once; using it again ends its whole family', async (t) => {
  const email = newEmail()
  const first = await signUp(email)
  const second = (await auth(app, 'refresh', { refreshToken: first.refreshToken })).json<Session>()
  t.equal(verdict(await app.call('GET', '/v1/users/me', { as: second.accessToken })), '200')
  t.equal(verdict(await auth(app, 'refresh', { refreshToken: first.refreshToken })), '401 token-reused')
  t.equal(
    verdict(await auth(app, 'refresh', { refreshToken: second.refreshToken })),
    '401 unauthenticated',
    'the thief’s or the owner’s',
  )
  t.equal(verdict(await auth(app, 'refresh', { refreshToken: 'never given' })), '401 unauthenticated')
  const third = (await auth(app, 'login', { email, password })).json<Session>()
  const racing = await Promise.all(
    Array.from({ length: 5 }, () => auth(app, 'refresh', { refreshToken: third.refreshToken })),
  )
  t.equal(racing.filter((r) => r.statusCode === 200).length, 1, 'one of several at once')
})

t.test('with a cookie the refresh token is out of reach of scripts', async (t) => {
  const email = newEmail()
  await signUp(email)
  const login = await auth(app, 'login', { email, password, cookie: true })
  t.notOk('refreshToken' in login.json())
  const cookie = String(login.headers['set-cookie'])
  t.match(cookie, /HttpOnly/)
  t.match(cookie, /SameSite=Strict/)
  t.match(cookie, /Path=\/api\/v1\/auth/)
  t.notMatch(cookie, /Secure/, 'plain http on this machine')
  const sent = { cookie: cookie.split(';', 1)[0] ?? '' }
  for (const from of ['cross-site', 'same-site'])
    t.equal(
      verdict(await auth(app, 'refresh', {}, { ...sent, 'sec-fetch-site': from })),
      '401 unauthenticated',
      `a page that is not ours spends nothing: ${from}`,
    )
  const refreshed = await auth(app, 'refresh', {}, sent)
  t.equal(refreshed.statusCode, 200)
  t.notOk('refreshToken' in refreshed.json())
  t.equal(verdict(await auth(app, 'refresh', undefined, sent)), '401 token-reused')

  const behindTls = await setup(t, { publicUrl: 'https://sath.example' })
  const user = await behindTls.user()
  const secure = await auth(behindTls, 'login', { email: user.email, password, cookie: true })
  t.match(String(secure.headers['set-cookie']), /; Secure/, 'whatever a proxy says of how it was asked')
})

t.test('sessions end with a sign-out, a reset and a closed account, at once', async (t) => {
  const email = newEmail()
  const session = await signUp(email)
  const me = (token: string) => app.call('GET', '/v1/users/me', { as: token }).then(verdict)
  t.equal(await me(session.accessToken), '200')
  t.equal(verdict(await app.call('POST', '/v1/auth/logout', { as: session.accessToken })), '204')
  t.equal(await me(session.accessToken), '401 unauthenticated')
  t.equal(verdict(await auth(app, 'refresh', { refreshToken: session.refreshToken })), '401 unauthenticated')
  t.equal(verdict(await auth(app, 'logout', {})), '401 unauthenticated')

  const again = (await auth(app, 'login', { email, password })).json<Session>()
  t.equal(await me(again.accessToken), '200')
  await auth(app, 'forgot-password', { email })
  await auth(app, 'reset-password', {
    token: (await mails(email))[0]?.token,
    password: 'another long one',
  })
  t.equal(await me(again.accessToken), '401 unauthenticated')

  const admin = await app.user('admin')
  const last = (await auth(app, 'login', { email, password: 'another long one' })).json<Session>()
  t.equal(await me(last.accessToken), '200')
  await app.call('PUT', `/v1/admin/users/${last.user.id}`, { as: admin, body: { isActive: false } })
  t.equal(await me(last.accessToken), '401 unauthenticated')
  t.equal(verdict(await auth(app, 'login', { email, password: 'another long one' })), '403 account-inactive')
})

t.test('somebody who leaves is signed out, their bot is to stop, and the rest is asked for', async (t) => {
  const user = await app.user()
  t.match((await app.call('PUT', '/v1/users/me', { as: user, body: { name: 'Ada', locale: 'en' } })).json(), {
    name: 'Ada',
    locale: 'en',
  })
  const gone = await app.call('DELETE', '/v1/users/me', { as: user })
  t.same([gone.statusCode, gone.json()], [202, { status: 'deleting' }])
  t.equal(verdict(await app.call('GET', '/v1/users/me', { as: user })), '401 unauthenticated')
  t.equal(verdict(await auth(app, 'login', { email: user.email, password })), '403 account-inactive')
  t.same(
    (await app.db.select().from(jobs)).map(({ kind, tenantId }) => [kind, tenantId]),
    [['erase-user', user.id]],
  )
})

t.test('a request let in just before its account was closed changes nothing after it', async (t) => {
  for (const closed of [{ deletingAt: new Date() }, { isActive: false }]) {
    const user = await app.user()
    const saved = await app.call('PUT', '/v1/bot/config', { as: user, body: { version: 0, config: config() } })
    t.equal(saved.statusCode, 200)
    // Straight into the table: this process goes on believing the sign-in for two seconds, as another one would.
    await app.db.update(users).set(closed).where(eq(users.id, user.id))
    t.equal(verdict(await app.call('POST', '/v1/bot/start', { as: user })), '403 account-inactive')
    t.equal(verdict(await app.call('POST', '/v1/bot/restart', { as: user })), '403 account-inactive')
    t.match((await app.db.select().from(bots).where(eq(bots.tenantId, user.id)))[0], { desiredState: 'stopped' })
  }
})

t.test('the outbox answers nobody but the person at this machine', async (t) => {
  await auth(app, 'register', { email: newEmail(), password })
  const ask = (headers: Record<string, string>, remoteAddress = '127.0.0.1') =>
    app.app.inject({ url: '/api/v1/dev/outbox', headers: { ...local, ...headers }, remoteAddress }).then(verdict)
  t.equal(await ask({}), '200')
  for (const headers of [
    { host: 'evil.example' },
    { host: '127.0.0.1:9999' },
    { 'x-forwarded-for': '127.0.0.1' },
    { forwarded: 'for=::1' },
    { via: '1.1 x' },
    { 'x-forwarded-port': '80' },
    { 'x-client-ip': '1.2.3.4' },
    { 'true-client-ip': '1.2.3.4' },
  ])
    t.equal(await ask(headers), '404 not-found', JSON.stringify(headers))
  t.equal(await ask({}, '192.168.1.7'), '404 not-found')
  const mailed = await setup(t, { outboxHosts: undefined })
  t.equal(
    verdict(await mailed.call('GET', '/v1/dev/outbox', { headers: local })),
    '404 not-found',
    'not once there is a mail server',
  )
})

t.test('one mailbox is not flooded through us', async (t) => {
  const email = newEmail()
  for (let n = 0; n < 8; n++) await auth(app, 'register', { email, password })
  t.equal((await app.db.select().from(outbox).where(eq(outbox.toAddress, email))).length, 5)
})

t.test('requests are counted by user and by address', async (t) => {
  const app = await setup(t, { limits: { user: 3, open: 100, login: 2, register: 1, forgot: 1, promo: 1 } })
  const user = await app.user()
  const other = await app.user()
  const status = (as: typeof user) => app.call('GET', '/v1/bot/status', { as })
  for (let n = 0; n < 3; n++) t.equal(verdict(await status(user)), '200')
  const refused = await status(user)
  t.equal(verdict(refused), '429 rate-limited')
  t.ok(Number(refused.headers['retry-after']) >= 1)
  t.equal(verdict(await status(other)), '200', 'another user is not counted with them')
  for (const expected of ['401 bad-credentials', '401 bad-credentials', '429 rate-limited'])
    t.equal(verdict(await auth(app, 'login', { email: 'x@example.com', password: 'x' })), expected)
  t.equal(verdict(await auth(app, 'register', { email: 'a@example.com', password })), '202')
  t.equal(verdict(await auth(app, 'register', { email: 'b@example.com', password })), '429 rate-limited')
})

t.test('tokens that are forged, expired or of a foreign make are refused', async (t) => {
  const { id, sessionId } = await app.user()
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { sub: id, sid: sessionId, iss: 'sath', exp: 4_000_000_000 }
  const valid = app.app.jwt.sign({ sub: id, sid: sessionId })
  for (const [what, token] of [
    ['no algorithm', `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`],
    ['another key', `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}.${'A'.repeat(43)}`],
    ['a changed one', valid.replace(/\.[^.]+\./, `.${part({ ...claims, sub: crypto.randomUUID() })}.`)],
    ['expired', app.app.jwt.sign({ sub: id, sid: sessionId }, { expiresIn: '-1s' })],
    ['another sign-in', app.app.jwt.sign({ sub: id, sid: crypto.randomUUID() })],
    ['another issuer', app.app.jwt.sign({ sub: id, sid: sessionId }, { iss: 'else' })],
    ['nonsense', 'x'],
  ] as const)
    t.equal(verdict(await app.call('GET', '/v1/bot/status', { as: token })), '401 unauthenticated', what)
  t.equal(verdict(await app.call('GET', '/v1/bot/status', { as: valid })), '200')
})

t.test('weak passwords, and how long a lock lasts', async (t) => {
  t.ok(commonPasswords.size > 1000)
  for (const weak of [
    'short',
    'password123',
    'Password1!',
    'P@ssw0rd123',
    'qwertyuiop',
    '1234567890',
    'aaaaaaaaaaaa',
    'iloveyou2024',
    'ada.lovelace1990',
  ])
    t.ok(weakness(weak, 'ada.lovelace@example.com'), weak)
  for (const strong of [password, 'gL4$kd92mmQx', 'un perro verde come'])
    t.equal(weakness(strong, 'ada.lovelace@example.com'), undefined, strong)
  t.same([1, 4, 5, 6, 10, 50].map(lockMs), [0, 0, 30_000, 60_000, 900_000, 900_000])
  let now = 0
  const known = strangers({ now: () => now, most: 2 })
  for (let n = 0; n < 5; n++) known.recordFailure('a')
  t.equal(known.lockedForMs('a'), 30_000)
  now = 30_000
  t.equal(known.lockedForMs('a'), 0)
  for (const address of ['b', 'c']) known.recordFailure(address)
  for (let n = 0; n < 4; n++) known.recordFailure('a')
  t.equal(known.lockedForMs('a'), 0, 'the oldest was forgotten')
})
