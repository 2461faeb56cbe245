import { http } from '@sath/contracts'
import { venues } from '@sath/core'
import { readCandles } from '@sath/db'
import { catalogue, describeStrategy } from '@sath/strategies'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { pageOf } from '../http/page-of.js'
import { problems } from '../http/problem.js'
import type { Parts } from './parts.js'

/** What is the same for everybody: candles, symbols, the catalogue of strategies, the brokers. */
export function marketRoutes({ database: { db }, market }: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get('/candles', {
      schema: {
        summary: 'Lists the candles of a symbol',
        querystring: http.CandlesQuery,
        response: { 200: http.listOf(http.CandleView), ...problems },
      },
      handler: async (request) => {
        const { symbol, timeframe, from, to } = request.query
        const source = request.query.source ?? (await market.current()).source ?? (await sourceWith(symbol))
        if (source === undefined) return { items: [], nextCursor: null }
        const page = await readCandles(db, { source, symbol, timeframe, from, to }, request.query)
        return { ...page, items: page.items.map(http.candleView) }
      },
    })
    app.get('/strategies', {
      schema: {
        summary: 'Lists the strategies and their parameters',
        querystring: http.ShortListQuery,
        response: { 200: http.Strategies, ...problems },
      },
      handler: async (request) => pageOf(catalogue.map(describeStrategy), request.query),
    })
    app.get('/symbols', {
      schema: {
        summary: 'Lists the symbols',
        querystring: http.ShortListQuery,
        response: { 200: http.Symbols, ...problems },
      },
      handler: async (request) => pageOf(await market.symbols(), request.query),
    })
    app.get('/brokers', {
      // For whoever stores keys.
      config: { openToApiTokens: false },
      schema: {
        summary: 'Lists the brokers',
        querystring: http.ShortListQuery,
        response: { 200: http.Brokers, ...problems },
      },
      handler: async (request) => pageOf(venues, request.query),
    })
  }

  /** Without a gateway: whoever has the newest candle of it. */
  async function sourceWith(symbol: string): Promise<string | undefined> {
    const rows = (await market.symbols()).filter((row) => row.symbol === symbol)
    return rows.sort((a, b) => (b.lastCandleAt ?? '').localeCompare(a.lastCandleAt ?? ''))[0]?.source
  }
}
