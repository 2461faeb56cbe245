import { http } from '@sath/contracts'
import { AppError, money, paperPayout } from '@sath/core'
import { credentialRepository, historyRepository, placeManualTrade, readPerformance } from '@sath/db'
import { calendar } from '@sath/engine'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { callerOf } from '../auth/signed-in.js'
import { actorOf } from '../http/actor.js'
import { idempotently } from '../http/idempotent.js'
import { problems } from '../http/problem.js'
import { readLogs } from '../logs/read-logs.js'
import type { Parts } from './parts.js'

/** Points of a series when no step is asked for. */
const metricPoints = 300
const hourMs = 3_600_000

/** What the caller's bot did: trades, signals, decisions, metrics, logs. */
export function historyRoutes({ database: { db }, metrics, tenantsDir, market, now }: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get('/trades', {
      schema: {
        summary: 'Lists the trades',
        querystring: http.TradesQuery,
        response: { 200: http.listOf(http.Trade), ...problems },
      },
      handler: async (request) => historyRepository(db, callerOf(request).id).trades(request.query, request.query),
    })
    app.get('/positions', {
      schema: {
        summary: 'Lists the open positions',
        querystring: http.PageQuery,
        response: { 200: http.listOf(http.Trade), ...problems },
      },
      handler: async (request) => historyRepository(db, callerOf(request).id).positions(request.query),
    })
    app.post('/trades', {
      schema: {
        summary: 'Places a trade by hand',
        body: http.ManualTradeBody,
        response: { 202: http.ManualTrade, ...problems },
      },
      handler: async (request, reply) => {
        const { id: tenantId } = callerOf(request)
        const { symbol, direction, stake, expiryCandles, brokerAccountId } = request.body
        if (money.compare(stake, '0.01') < 0) throw invalid('stake', 'must be at least 0.01')
        if (brokerAccountId !== undefined) {
          const own = await credentialRepository(db, tenantId).ownBrokerKeys([brokerAccountId])
          if (own.size === 0) throw new AppError('not-found', 'There is no such broker key.')
          throw new AppError('not-available', 'Manual trades are on paper only for now.')
        }
        const { source } = await market.current()
        const known = (await market.symbols()).find((row) => row.symbol === symbol && row.source === source)
        if (!source || !known?.lastCandleAt)
          throw new AppError('not-available', `There are no prices of ${symbol} now.`)
        const marketTime = Date.parse(known.lastCandleAt)
        const order = {
          tenantId,
          symbol,
          source,
          direction,
          stake,
          payout: paperPayout,
          durationMs: expiryCandles * 60_000,
          marketTime,
        }
        const placed = await idempotently(db, request, (tx) => placeManualTrade(tx, actorOf(request), order, calendar))
        return reply.code(202).send(placed)
      },
    })
    app.get('/signals', {
      schema: {
        summary: 'Lists the signals',
        querystring: http.SignalsQuery,
        response: { 200: http.listOf(http.Signal), ...problems },
      },
      handler: async (request) => historyRepository(db, callerOf(request).id).signals(request.query, request.query),
    })
    app.get('/decisions', {
      schema: {
        summary: 'Lists what was decided about each candle',
        querystring: http.DecisionsQuery,
        response: { 200: http.listOf(http.Decision), ...problems },
      },
      handler: async (request) => historyRepository(db, callerOf(request).id).decisions(request.query, request.query),
    })
    app.get('/metrics', {
      schema: {
        summary: "Reads the bot's metrics as series",
        querystring: http.MetricsQuery,
        response: { 200: http.Metrics, ...problems },
      },
      handler: async (request) => {
        const { names, step } = request.query
        const to = request.query.to?.getTime() ?? now()
        const from = request.query.from?.getTime() ?? to - hourMs
        if (from >= to) throw invalid('from', 'must be before to')
        const even = Math.ceil((to - from) / metricPoints / 1000)
        // A narrow step over a long time is an answer without end.
        const stepMs = Math.max(step ?? 1, Math.ceil((to - from) / 10_000 / 1000), step === undefined ? even : 1) * 1000
        const query = {
          tenantId: callerOf(request).id,
          names: names?.split(','),
          from,
          to,
          stepMs,
        }
        const series = await metrics.read(query).catch((cause: unknown) => {
          throw new AppError('service-unavailable', 'The store of metrics does not answer.', {
            retryAfterSeconds: 10,
            cause,
          })
        })
        return {
          series: series.map(({ name, unit, points }) => ({
            name,
            unit,
            points: points.map(([at, value]) => [at, value] as [number, number]),
          })),
        }
      },
    })
    app.get('/performance', {
      schema: {
        summary: 'Sums up the trades of a period',
        querystring: http.PerformanceQuery,
        response: { 200: http.PerformanceView, ...problems },
      },
      handler: async (request) => {
        const { account, period } = request.query
        return readPerformance(db, callerOf(request).id, account, period)
      },
    })
    app.get('/logs', {
      schema: {
        summary: "Lists the lines of the bot's log",
        querystring: http.LogsQuery,
        response: { 200: http.listOf(http.LogLine), ...problems },
      },
      handler: async (request) => readLogs({ ...request.query, tenantsDir, tenantId: callerOf(request).id }),
    })
  }
}

function invalid(path: string, message: string): AppError {
  return new AppError('invalid-request', 'The request is not valid.', { errors: [{ path, message }] })
}
