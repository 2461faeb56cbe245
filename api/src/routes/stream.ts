import { AppError } from '@sath/core'
import type { FastifyInstance } from 'fastify'
import { problems } from '../http/problem.js'
import { takeOrRefuse } from '../http/rate-limits.js'
import { createHub } from '../live/hub.js'
import { startStatusPushes } from '../live/status-pushes.js'
import { runStream, type StreamTimes } from '../live/stream-session.js'
import type { Parts } from './parts.js'

/** WebSocket /stream and /logs/stream. */
export function streamRoutes(app: FastifyInstance, parts: Parts, times: StreamTimes): void {
  const { database, bus, log, market, readStatus, authentication, now, limiter, limits } = parts
  const hub = createHub(bus, market)
  const pushes = startStatusPushes({ database, bus, hub, readStatus, log })
  app.addHook('onClose', () => pushes.stop())
  const { authenticate } = authentication
  const deps = { hub, authenticate, now, times, open: new Map<string, number>(), watched: pushes.push }
  for (const [url, firstTopics, summary] of [
    ['/stream', [], 'Opens the live stream'],
    ['/logs/stream', ['logs'], "Opens the live stream of the bot's log"],
  ] as const)
    app.route({
      method: 'GET',
      url,
      schema: {
        summary,
        description: 'WebSocket. First message {accessToken}, then {subscribe: [topic]}; messages are {topic, data}.',
        response: { ...problems },
      },
      onRequest: async (request) => takeOrRefuse(limiter, `open:${request.ip}`, limits.open),
      handler: async () => {
        throw new AppError('invalid-request', 'This is a WebSocket; ask for an upgrade.')
      },
      wsHandler: (socket, request) => runStream(socket, request.ip, deps, firstTopics),
    })
}
