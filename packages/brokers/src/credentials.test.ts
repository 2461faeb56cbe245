import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { findVenue, venues } from '@sath/core'
import t, { type Test } from 'tap'
import { signedQuery } from './binance/sign.js'
import { credentialFaults, testCredentials } from './credentials.js'

// The public example keys of Binance's documentation.
const apiKey = 'vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A'
const secret = 'NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j'

t.test('signs as the documentation’s examples', async (t) => {
  const order = {
    side: 'BUY',
    type: 'LIMIT',
    timeInForce: 'GTC',
    quantity: 1,
    price: '0.1',
    recvWindow: 5000,
    timestamp: 1499827319559,
  }
  t.equal(
    signedQuery({ symbol: 'LTCBTC', ...order }, secret),
    'symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559' +
      '&signature=c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71',
  )
  t.match(
    signedQuery({ symbol: '１２３４５６', ...order }, secret),
    /&signature=e1353ec6b14d888f1164ae9af8228a3dbd508bc82eb867db8ab6046442f33ef3$/,
  )
})

interface PeerOptions {
  /** ms that the peer's clock is ahead of the caller's. */
  readonly skewMs?: number
  readonly answer?: { status: number; body: string } | 'nothing'
}

const now = Date.UTC(2026, 5, 1)

/** GET /api/v3/time and /api/v3/account as Binance documents them: key, window and signature are checked. */
async function binancePeer(t: Test, { skewMs = 0, answer }: PeerOptions = {}) {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://peer')
    const reply = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(typeof body === 'string' ? body : JSON.stringify(body))
    }
    if (answer === 'nothing') return
    if (answer) return reply(answer.status, answer.body)
    if (url.pathname === '/api/v3/time') return reply(200, { serverTime: now + skewMs })
    const refusal = refusalOf(url, request.headers, now + skewMs)
    if (refusal) return reply(refusal[0], { code: refusal[1], msg: `about ${apiKey}` })
    reply(200, {
      canTrade: true,
      accountType: 'SPOT',
      balances: [{ asset: 'USDT', free: '120.50000000', locked: '4.50000000' }],
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, now: () => now }
}

function refusalOf(url: URL, headers: IncomingHttpHeaders, serverTime: number): [number, number] | undefined {
  if (url.pathname !== '/api/v3/account') return [404, -1100]
  if (headers['x-mbx-apikey'] !== apiKey) return [401, -2015]
  const timestamp = Number(url.searchParams.get('timestamp'))
  const recvWindow = Number(url.searchParams.get('recvWindow') ?? 5_000)
  if (timestamp >= serverTime + 1_000 || serverTime - timestamp > recvWindow) return [400, -1021]
  const [payload = '', signature] = url.search.slice(1).split('&signature=')
  if (createHmac('sha256', secret).update(payload).digest('hex') !== signature) return [400, -1022]
  return undefined
}

const good = { apiKey, secret }

t.test('good keys are ok, with the balance', async (t) => {
  const binance = await binancePeer(t)
  t.same(await testCredentials('binance', 'testnet', good, { binance }), {
    status: 'ok',
    detail: 'Binance accepts the key; it may trade',
    balance: { amount: '125', currency: 'USDT' },
  })
})

for (const skewMs of [-60_000, 60_000]) {
  t.test(`a clock that differs by ${skewMs} ms is measured and allowed for`, async (t) => {
    t.match(await testCredentials('binance', 'live', good, { binance: await binancePeer(t, { skewMs }) }), {
      status: 'ok',
    })
  })
}

const failures: [string, Record<string, string>, PeerOptions, RegExp][] = [
  ['an unknown key', { apiKey: 'other', secret }, {}, /refuses the API key/],
  ['a wrong secret', { apiKey, secret: 'wrong-canary' }, {}, /refuses the signature/],
  ['an unknown code', good, { answer: { status: 400, body: `{"code":-9999,"msg":"${secret}"}` } }, /code -9999$/],
  ['a page in place of JSON', good, { answer: { status: 502, body: `<html>${secret}</html>` } }, /HTTP status 502$/],
  ['an empty yes', good, { answer: { status: 200, body: '{}' } }, /HTTP status 200$/],
]
for (const [what, keys, peer, detail] of failures) {
  t.test(`${what} fails, in words without a secret`, async (t) => {
    const result = await testCredentials('binance', 'testnet', keys, { binance: await binancePeer(t, peer) })
    t.match(result, { status: 'failed', detail })
    t.notMatch(JSON.stringify(result), new RegExp(`${apiKey}|${secret}|canary`))
  })
}

t.test('nobody there, and somebody who says nothing', async (t) => {
  const nobody = { baseUrl: 'http://127.0.0.1:1' }
  t.match(await testCredentials('binance', 'live', good, { binance: nobody }), {
    status: 'failed',
    detail: /^Binance cannot be reached/,
  })
  const mute = { ...(await binancePeer(t, { answer: 'nothing' })), timeoutMs: 50 }
  t.same(await testCredentials('binance', 'live', good, { binance: mute }), {
    status: 'failed',
    detail: 'Binance did not answer within 50 ms',
  })
})

t.test('knows its venues and the shape of their credentials', async (t) => {
  t.same(
    venues.map(({ id, trading }) => [id, trading]),
    [
      ['paper', 'available'],
      ['binance', 'not-available'],
    ],
  )
  const binance = findVenue('binance')!
  t.same(credentialFaults(binance, good), [])
  const faults = credentialFaults(binance, { apiKey: 'has space', secret: 7, canary: 'x' })
  t.same(
    faults.map(({ path }) => path),
    ['apiKey', 'secret', 'canary'],
  )
  t.same(await testCredentials('binance', 'live', { apiKey: 'line\nbreak', secret }), {
    status: 'failed',
    detail: 'these are not credentials of Binance Spot',
  })
  t.match(await testCredentials('paper', 'live', {}), { status: 'ok' })
  t.match(await testCredentials('nowhere', 'live', {}), { status: 'failed' })
})
