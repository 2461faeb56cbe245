import { type Db, readyPrograms } from '@sath/db'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { problems } from '../http/problem.js'
import type { Parts } from './parts.js'

const Check = z.object({ ok: z.boolean(), detail: z.string(), facts: z.record(z.string(), z.unknown()).optional() })
type Check = z.infer<typeof Check>
const names = ['database', 'bus', 'engine', 'gateway', 'feed', 'metrics'] as const
const Readiness = z.object({ status: z.enum(['ready', 'not-ready']), checks: z.record(z.enum(names), Check) })
type Checks = Record<(typeof names)[number], Check>

/** Without these nobody is served; the bus, the feed and the metrics may be away for a while. */
const needed = ['database', 'engine', 'gateway'] as const
const databaseAnswersWithinMs = 3_000

/** /healthz: this process is alive. /readyz: the whole of Sath can serve. */
export function healthRoutes({ database: { db }, bus }: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get('/healthz', {
      schema: {
        summary: 'Says that the process is alive',
        response: { 200: z.object({ status: z.literal('alive') }), ...problems },
      },
      logLevel: 'warn',
      handler: async () => ({ status: 'alive' as const }),
    })
    app.get('/readyz', {
      schema: {
        summary: 'Says whether the whole of Sath can serve',
        response: { 200: Readiness, 503: Readiness, ...problems },
      },
      logLevel: 'warn',
      handler: async (_, reply) => {
        const checks = await readiness(db, bus.dropped)
        const ready = needed.every((name) => checks[name].ok)
        return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not-ready', checks })
      },
    })
  }
}

async function readiness(db: Db, droppedByBus: number): Promise<Checks> {
  const programs = await readInTime(db)
  const bus = { ok: true, detail: `${droppedByBus} messages lost since the start` }
  if (!programs) {
    const unknown = { ok: false, detail: 'unknown without the database' }
    return {
      database: { ok: false, detail: 'does not answer' },
      bus,
      engine: unknown,
      gateway: unknown,
      feed: unknown,
      metrics: unknown,
    }
  }
  const orchestrator = programs.find(({ name }) => name === 'orchestrator')
  const gateway = programs.find(({ name }) => name === 'gateway')
  const feed = objectOf(gateway?.facts.feed)
  return {
    database: { ok: true, detail: 'answers' },
    bus,
    engine: orchestrator
      ? { ok: true, detail: String(orchestrator.facts.engine ?? 'ready'), facts: { ...orchestrator.facts } }
      : { ok: false, detail: 'no orchestrator is ready' },
    gateway: gateway ? { ok: true, detail: gateway.node } : { ok: false, detail: 'no gateway is ready' },
    feed: feed
      ? { ok: feed.connected !== false, detail: String(feed.source ?? 'unnamed'), facts: feed }
      : { ok: false, detail: 'no gateway says' },
    metrics: gateway
      ? { ok: true, detail: String(gateway.facts.metrics ?? 'unknown') }
      : { ok: false, detail: 'no gateway says' },
  }
}

/** Undefined: the database did not answer in time. */
async function readInTime(db: Db) {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, databaseAnswersWithinMs, undefined)
  })
  try {
    return await Promise.race([readyPrograms(db).catch(() => undefined), late])
  } finally {
    clearTimeout(timer)
  }
}

function objectOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? { ...value } : undefined
}
