import type { Candle } from '@sath/core'
import type { pro } from 'ccxt'

/** Hosts without a scheme's path; the market-data hosts need no account and serve where the trading hosts refuse. */
export interface BinanceUrls {
  /** For example https://data-api.binance.vision */
  readonly rest: string
  /** For example wss://data-stream.binance.vision */
  readonly stream: string
}

export const binanceUrls: BinanceUrls = {
  rest: 'https://data-api.binance.vision',
  stream: 'wss://data-stream.binance.vision',
}

export interface Kline {
  readonly symbol: string
  readonly candle: Candle
  readonly closed: boolean
  /** When Binance sent it, by its own clock, epoch ms. */
  readonly sentAt: number
}

/** The public calls the feed needs, through ccxt (its throttling, reconnecting sockets and error classes). */
export interface BinanceClient {
  /** The exchange's clock, epoch ms. */
  serverTime(): Promise<number>
  /** Symbols that trade on the spot market, sorted. */
  symbols(): Promise<readonly string[]>
  /** At most 1,000 M1 candles from `fromMs`, oldest first; the last may still be open. */
  klines(symbol: string, fromMs: number): Promise<readonly Candle[]>
  /** Calls back for every kline of these symbols until the connection ends, which rejects. */
  stream(symbols: readonly string[], onKline: (kline: Kline) => void): Promise<never>
  /** Ends the stream; a later one opens a new connection. */
  close(): Promise<void>
}

/** Largest page of GET /api/v3/klines. */
export const klinePage = 1_000

/**
 * Loads only Binance's file of ccxt: the whole package takes 50 MB and 180 ms more. Its `exports` hide the file from a
 * bare import, so it is found beside the package's entry.
 */
async function loadBinance(): Promise<typeof pro.binance> {
  const file = new URL('./src/pro/binance.js', import.meta.resolve('ccxt'))
  return ((await import(file.href)) as { default: typeof pro.binance }).default
}

export async function createBinanceClient(urls: BinanceUrls, timeoutMs: number): Promise<BinanceClient> {
  const Binance = await loadBinance()
  let onKline: ((kline: Kline) => void) | undefined

  class KlineBinance extends Binance {
    /** ccxt's own handler keeps a cache and drops the flag that says whether a kline is closed. */
    override handleOHLCV(_client: unknown, message: unknown): void {
      const kline = parseStreamKline(message)
      if (kline) onKline?.(kline)
    }
  }

  // The feed has one back-off of its own, so ccxt's is off.
  const exchange = new KlineBinance({ timeout: timeoutMs, options: { ws: { backoff: { base: 0 } } } })
  // ccxt opens a stream without TLS only after this.
  if (urls.stream.startsWith('ws:')) await exchange.loadHttpProxyAgent()
  setPublicUrl(exchange.urls, `${urls.rest}/api/v3`)

  return {
    async serverTime() {
      return Number(field(await exchange.publicGetTime(), 'serverTime'))
    },
    async symbols() {
      const info = await exchange.publicGetExchangeInfo({ permissions: 'SPOT', symbolStatus: 'TRADING' })
      const listed = field(info, 'symbols')
      if (!Array.isArray(listed)) throw new Error('Binance answered exchangeInfo without symbols')
      return listed.map((each) => String(field(each, 'symbol'))).sort()
    },
    async klines(symbol, fromMs) {
      const rows: unknown = await exchange.publicGetKlines({
        symbol,
        interval: '1m',
        startTime: fromMs,
        limit: klinePage,
      })
      if (!Array.isArray(rows)) throw new Error('Binance answered klines with something that is not a list')
      return rows.map(parseRestKline)
    },
    async stream(symbols, listener) {
      onKline = listener
      const streams = symbols.map((symbol) => `${symbol.toLowerCase()}@kline_1m`)
      const url = `${urls.stream}/ws`
      const id = exchange.requestId(url)
      // The overridden handler resolves nothing, so this promise settles only when the connection fails or is closed.
      await exchange.watchMultiple(url, streams, { method: 'SUBSCRIBE', params: streams, id }, streams, { id })
      throw new Error('the stream ended')
    },
    async close() {
      onKline = undefined
      await exchange.close()
    },
  }
}

/** ccxt types `urls` as an untyped tree; this is the one leaf that matters here. */
function setPublicUrl(urls: unknown, url: string): void {
  const api = field(urls, 'api')
  if (typeof api !== 'object' || api === null) throw new Error('ccxt has no table of API addresses')
  Object.assign(api, { public: url })
}

/** `[openTime, "open", "high", "low", "close", "volume", closeTime, …]` */
function parseRestKline(row: unknown): Candle {
  if (!Array.isArray(row)) throw new Error('Binance sent a kline that is not a list')
  return candleOf(row[0], row.slice(1, 6))
}

/** `{e: "kline", E, k: {t, s, i, o, h, l, c, v, x, …}}`; undefined for another interval than 1m. */
function parseStreamKline(message: unknown): Kline | undefined {
  const k = field(message, 'k')
  if (field(k, 'i') !== '1m') return undefined
  const candle = candleOf(
    field(k, 't'),
    ['o', 'h', 'l', 'c', 'v'].map((name) => field(k, name)),
  )
  const sentAt = Number(field(message, 'E'))
  if (!Number.isFinite(sentAt)) throw new Error('Binance sent a kline without the time of the message')
  return { symbol: String(field(k, 's')), candle, closed: field(k, 'x') === true, sentAt }
}

function candleOf(openTime: unknown, values: readonly unknown[]): Candle {
  const time = Number(openTime)
  const [open = Number.NaN, high = Number.NaN, low = Number.NaN, close = Number.NaN, volume = Number.NaN] =
    values.map(Number)
  if (![time, open, high, low, close, volume].every(Number.isFinite) || time % 60_000 !== 0) {
    throw new Error(`Binance sent a kline that is not one: ${JSON.stringify([openTime, ...values])}`)
  }
  return { time, open, high, low, close, volume }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
