import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Candle } from '@sath/core'
import type { BinanceUrls } from './binance-client.js'

const minuteMs = 60_000

interface Test {
  teardown(run: () => unknown): void
}

/**
 * A local peer that speaks the public part of Binance Spot as its documentation has it: GET /api/v3/time, exchangeInfo and
 * klines (arrays, numbers as strings, limit 500 by default and 1,000 at most, the last one still open), and kline streams
 * over WebSocket with SUBSCRIBE, acknowledged by `{result: null, id}`.
 */
export async function binancePeer(t: Test) {
  const series = new Map<string, Candle[]>()
  const sockets = new Set<Duplex>()
  const subscriptions = new Map<Duplex, string[]>()
  const state = { now: 0, restDown: false, streamDown: false, requests: [] as string[] }

  const klineRow = (c: Candle) => [
    c.time,
    ...[c.open, c.high, c.low, c.close, c.volume].map((n) => n.toFixed(8)),
    c.time + minuteMs - 1,
    '0.00000000',
    10,
    '0.00000000',
    '0.00000000',
    '0',
  ]

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://peer')
    state.requests.push(`${url.pathname}${url.search}`)
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json', 'x-mbx-used-weight-1m': '2' })
      response.end(JSON.stringify(body))
    }
    if (state.restDown) return answer(503, { code: -1001, msg: 'Internal error; unable to process your request.' })
    if (url.pathname === '/api/v3/time') return answer(200, { serverTime: state.now })
    if (url.pathname === '/api/v3/exchangeInfo') {
      return answer(200, {
        timezone: 'UTC',
        symbols: [...series.keys()].map((symbol) => ({ symbol, status: 'TRADING' })),
      })
    }
    if (url.pathname === '/api/v3/klines') {
      const candles = series.get(url.searchParams.get('symbol') ?? '')
      if (!candles) return answer(400, { code: -1121, msg: 'Invalid symbol.' })
      const from = Number(url.searchParams.get('startTime') ?? 0)
      const limit = Math.min(Number(url.searchParams.get('limit') ?? 500), 1_000)
      const shown = candles.filter(({ time }) => time >= from && time <= state.now)
      return answer(200, shown.slice(0, limit).map(klineRow))
    }
    answer(404, {})
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    if (state.streamDown || !request.url?.startsWith('/ws')) return socket.destroy()
    const key = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64')
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\n\r\n`,
    )
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => {
      sockets.delete(socket)
      subscriptions.delete(socket)
    })
    socket.on('data', (data: Buffer) => {
      for (const { opcode, payload } of unmask(data)) {
        if (opcode === 8) return socket.end(frame('', 8))
        if (opcode === 9) socket.write(frame(payload, 10))
        if (opcode !== 1) continue
        const { method, params, id } = JSON.parse(payload) as { method: string; params: string[]; id: number }
        if (method === 'SUBSCRIBE') subscriptions.set(socket, params)
        socket.write(frame(JSON.stringify({ result: null, id })))
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo

  return {
    state,
    series,
    urls: { rest: `http://127.0.0.1:${port}`, stream: `ws://127.0.0.1:${port}` } satisfies BinanceUrls,
    /** Streams of the newest connection. */
    subscribed: () => [...subscriptions.values()].at(-1) ?? [],
    /** Sends what the kline stream would send. */
    push(symbol: string, c: Candle, closed: boolean): void {
      const [o, h, l, close, v] = [c.open, c.high, c.low, c.close, c.volume].map((n) => n.toFixed(8))
      const k = {
        t: c.time,
        T: c.time + minuteMs - 1,
        s: symbol,
        i: '1m',
        f: 1,
        L: 2,
        o,
        c: close,
        h,
        l,
        v,
        n: 10,
        x: closed,
      }
      const text = JSON.stringify({ e: 'kline', E: state.now, s: symbol, k: { ...k, q: '0', V: '0', Q: '0', B: '0' } })
      for (const [socket, streams] of subscriptions) {
        if (streams.includes(`${symbol.toLowerCase()}@kline_1m`)) socket.write(frame(text))
      }
    },
    cutStreams(): void {
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** One unmasked frame, as a server sends it. */
function frame(text: string, opcode = 1): Buffer {
  const payload = Buffer.from(text)
  const head =
    payload.length < 126
      ? Buffer.from([0x80 | opcode, payload.length])
      : Buffer.from([0x80 | opcode, 126, payload.length >> 8, payload.length & 0xff])
  return Buffer.concat([head, payload])
}

/** The masked frames of a client; the messages here are short enough to come in one piece. */
function unmask(data: Buffer): { opcode: number; payload: string }[] {
  const frames: { opcode: number; payload: string }[] = []
  let at = 0
  while (at < data.length) {
    const opcode = data.readUInt8(at) & 0x0f
    let length = data.readUInt8(at + 1) & 0x7f
    at += 2
    if (length === 126) {
      length = data.readUInt16BE(at)
      at += 2
    }
    const mask = data.subarray(at, at + 4)
    at += 4
    const payload = Buffer.from(data.subarray(at, at + length).map((byte, i) => byte ^ mask.readUInt8(i % 4)))
    frames.push({ opcode, payload: payload.toString() })
    at += length
  }
  return frames
}
