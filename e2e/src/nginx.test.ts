import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { Agent } from 'node:https'
import type { AddressInfo } from 'node:net'
import { connect, type PeerCertificate } from 'node:tls'
import { until } from '@sath/testkit'
import t from 'tap'
import { WebSocket, WebSocketServer } from 'ws'
import { domain, type RealNginx, realNginx } from './real-nginx.js'

interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
}

/** Stands where the API stands: tells what it was asked, and speaks back on WebSockets. */
const upstream = createServer((request, response) => {
  const seen: Seen = { method: request.method ?? '', url: request.url ?? '', headers: request.headers }
  request.resume().once('end', () => {
    response.setHeader('content-type', 'application/json')
    response.setHeader('strict-transport-security', 'max-age=1')
    response.end(JSON.stringify(seen))
  })
})
const sockets = new WebSocketServer({ server: upstream })
sockets.on('connection', (socket, request) => {
  socket.send(JSON.stringify({ url: request.url, headers: request.headers }))
  socket.on('message', (data) => socket.send(`you said ${data}`))
})
await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
t.teardown(() => {
  for (const socket of sockets.clients) socket.terminate()
  upstream.close()
})

const nginx = await realNginx(t, (upstream.address() as AddressInfo).port)
if (!nginx) t.plan(0, 'nginx, openssl or setpriv is not installed')
else await tests(nginx)

async function tests(nginx: RealNginx): Promise<void> {
  const seen = async (...asking: Parameters<RealNginx['https']>): Promise<Seen> =>
    JSON.parse((await nginx.https(...asking)).body)

  t.test('sends everybody from HTTP to HTTPS, under our own name', async (t) => {
    const answer = await nginx.http('/bots?page=2', { headers: { host: 'evil.example' } })
    t.equal(answer.status, 308)
    t.equal(answer.headers.location, `https://${domain}/bots?page=2`)
    t.equal((await nginx.http('/api/v1/auth/login', { method: 'POST' })).status, 308, 'a POST stays a POST')
  })

  t.test("serves certbot's challenge over HTTP", async (t) => {
    mkdirSync(nginx.challengeFolder, { recursive: true })
    writeFileSync(`${nginx.challengeFolder}/abc`, 'abc.thumbprint')
    const answer = await nginx.http('/.well-known/acme-challenge/abc')
    t.match(answer, { status: 200, body: 'abc.thumbprint', headers: { 'content-type': 'text/plain' } })
    t.equal((await nginx.http('/.well-known/acme-challenge/none')).status, 404)
  })

  t.test('passes the API calls on, with headers nobody can forge', async (t) => {
    const forged = {
      'x-forwarded-for': '6.6.6.6',
      'x-forwarded-proto': 'http',
      forwarded: 'for=6.6.6.6',
      'x-real-ip': '6.6.6.6',
    }
    const got = await seen('/api/v1/bot/status?limit=2', { method: 'PUT', headers: forged, body: '{}' })
    t.match(got, { method: 'PUT', url: '/api/v1/bot/status?limit=2' })
    t.match(got.headers, {
      host: domain,
      'x-forwarded-for': /^127\.0\.0\.1$/,
      'x-forwarded-proto': /^https$/,
      'x-forwarded-host': domain,
      'x-real-ip': /^127\.0\.0\.1$/,
    })
    t.equal(got.headers.forwarded, undefined)
    for (const path of ['/openapi.json', '/docs', '/docs/static/index.html', '/healthz', '/readyz']) {
      t.equal((await seen(path)).url, path)
    }
    const { headers } = await nginx.https('/api/v1/plans')
    t.equal(headers['strict-transport-security'], 'max-age=31536000', 'one header, ours')
  })

  t.test('carries WebSockets', async (t) => {
    for (const path of ['/api/v1/stream', '/api/v1/logs/stream']) {
      const socket = openSocket(nginx, path)
      const said: string[] = []
      socket.on('message', (data) => said.push(String(data)))
      const hello = JSON.parse(await until('the first message', () => said[0]))
      t.match(hello, { url: path, headers: { 'x-forwarded-for': '127.0.0.1', host: domain } })
      socket.send('hello')
      t.equal(await until('the echo', () => said[1]), 'you said hello')
      socket.terminate()
    }
  })

  t.test('serves the dashboard, every page of it, with guarding headers', async (t) => {
    for (const path of ['/', '/bot/setup', '/admin/users/17']) {
      const page = await nginx.https(path)
      t.match(page, { status: 200, body: '<title>Sath</title>' }, path)
      t.match(page.headers, {
        'cache-control': 'no-cache',
        'content-security-policy': /default-src 'self'.*frame-ancestors 'none'/,
        'strict-transport-security': 'max-age=31536000',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        server: /^nginx$/,
      })
    }
    const asset = await nginx.https('/assets/app-1a2b.js', { headers: { 'accept-encoding': 'gzip' } })
    t.match(asset.headers, { 'cache-control': 'public, max-age=31536000, immutable', 'content-encoding': 'gzip' })
    const missing = await nginx.https('/assets/gone.js')
    t.equal(missing.status, 404, 'an old page learns that its script is gone, and gets no page in its place')
    t.equal(missing.headers['cache-control'], undefined)
  })

  t.test('answers to no other name', async (t) => {
    await t.rejects(nginx.https('/', { name: 'evil.example' }), /unrecognized name/)
  })

  t.test('keeps the development outbox to the machine itself', async (t) => {
    t.equal((await nginx.https('/api/v1/dev/outbox?to=a')).status, 404)
  })

  t.test('refuses bodies over 1 MB', async (t) => {
    const answer = await nginx.https('/api/v1/bot/config', { method: 'PUT', headers: { 'content-length': '2000000' } })
    t.equal(answer.status, 413)
    t.match(answer.headers, { 'content-type': 'application/problem+json' })
    t.match(JSON.parse(answer.body), { status: 413, code: 'payload-too-large' })
  })

  t.test('slows down who tries passwords, and nobody else', async (t) => {
    const login = () => nginx.https('/api/v1/auth/login', { method: 'POST' })
    const answers = await Promise.all(Array.from({ length: 30 }, login))
    const refused = answers.filter(({ status }) => status === 429)
    t.ok(refused.length >= 5 && refused.length < 30, `${refused.length} of 30 at once are refused`)
    t.match(refused[0]?.headers, { 'content-type': 'application/problem+json', 'retry-after': /^\d+$/ })
    t.match(JSON.parse(refused[0]?.body ?? ''), { code: 'rate-limited' })
    t.equal((await nginx.https('/api/v1/bot/status')).status, 200)
  })

  t.test('writes no query into its log: links in mails carry tokens there', async (t) => {
    await nginx.https('/verify-email?token=canary-token')
    await until('the line', () => nginx.accessLog().includes('"path":"/index.html"'))
    t.notMatch(nginx.accessLog(), 'canary-token')
  })

  t.test('takes a new certificate without dropping anybody', async (t) => {
    const socket = openSocket(nginx, '/api/v1/stream')
    const said: string[] = []
    socket.on('message', (data) => said.push(String(data)))
    await until('the stream', () => said[0])
    t.equal((await shownCertificate(nginx)).issuer.O, undefined, 'the placeholder')
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
        ...['-subj', `/O=Test authority/CN=${domain}`, '-addext', `subjectAltName=DNS:${domain}`],
        ...['-keyout', `${nginx.acmeFolder}/privkey.pem`, '-out', `${nginx.acmeFolder}/fullchain.pem`],
      ],
      { stdio: 'ignore' },
    )
    // The key as certbot leaves it: for its own user, who is nginx's.
    execFileSync('chown', ['--reference', nginx.acmeFolder, `${nginx.acmeFolder}/privkey.pem`])
    await until('the new certificate', async () => (await shownCertificate(nginx)).issuer.O === 'Test authority')
    socket.send('still here')
    t.equal(await until('the echo', () => said[1]), 'you said still here')
    socket.terminate()
  })

  t.test('tells, as the contract tells things, that the API is away', async (t) => {
    await new Promise<void>((resolve) => {
      for (const socket of sockets.clients) socket.terminate()
      upstream.close(() => resolve())
      upstream.closeAllConnections()
    })
    const answer = await nginx.https('/api/v1/bot/status')
    t.match(answer, { status: 503, headers: { 'content-type': 'application/problem+json', 'retry-after': /^\d+$/ } })
    t.match(JSON.parse(answer.body), { status: 503, code: 'service-unavailable' })
    t.equal((await nginx.https('/')).status, 200, 'the page itself stays')
  })
}

function openSocket({ httpsPort, placeholder }: RealNginx, path: string): WebSocket {
  return new WebSocket(`wss://127.0.0.1:${httpsPort}${path}`, {
    agent: new Agent({ servername: domain, ca: placeholder }),
    headers: { host: domain },
  })
}

function shownCertificate({ httpsPort }: RealNginx): Promise<PeerCertificate> {
  return new Promise((resolve, reject) => {
    // Only looked at: which certificate it is decides the test, not whether it is trusted.
    const socket = connect(
      { port: httpsPort, host: '127.0.0.1', servername: domain, rejectUnauthorized: false },
      () => {
        resolve(socket.getPeerCertificate())
        socket.destroy()
      },
    )
    socket.once('error', reject)
  })
}
