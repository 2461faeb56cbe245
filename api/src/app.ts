import cookie from '@fastify/cookie'
import websocket from '@fastify/websocket'
import { systemClock } from '@sath/core'
import Fastify, { type FastifyInstance, LogController } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { registerAccessTokens } from './auth/access-token.js'
import { openToApiTokens } from './auth/api-token-reach.js'
import { createApiTokens } from './auth/api-tokens.js'
import { createAuthentication } from './auth/authentication.js'
import { strangers } from './auth/lockout.js'
import { createSessions } from './auth/sessions.js'
import { requireSignIn } from './auth/signed-in.js'
import { serveDashboard } from './dashboard.js'
import type { Deps } from './deps.js'
import { registerDocs } from './docs.js'
import { prepareIdempotency } from './http/idempotent.js'
import { acceptJsonOnly } from './http/json-body.js'
import { malformedRequest } from './http/malformed-request.js'
import { answerWithProblem } from './http/problem.js'
import { refuseUnstorable } from './http/refuse-unstorable.js'
import { logAnswers, requestLog } from './http/request-log.js'
import { securityHeaders } from './http/security-headers.js'
import { type StreamTimes, streamTimes } from './live/stream-session.js'
import { marketSource } from './market-source.js'
import { adminRoutes } from './routes/admin.js'
import { apiTokenRoutes } from './routes/api-tokens.js'
import { authRoutes } from './routes/auth.js'
import { backtestRoutes } from './routes/backtests.js'
import { billingRoutes, openBillingRoutes } from './routes/billing.js'
import { billingWebhookRoutes } from './routes/billing-webhook.js'
import { botRoutes } from './routes/bot.js'
import { devOutboxRoutes } from './routes/dev-outbox.js'
import { healthRoutes } from './routes/health.js'
import { historyRoutes } from './routes/history.js'
import { keyRoutes } from './routes/keys.js'
import { marketRoutes } from './routes/market.js'
import type { Parts } from './routes/parts.js'
import { presetRoutes } from './routes/presets.js'
import { simulationRoutes } from './routes/simulations.js'
import { streamRoutes } from './routes/stream.js'
import { userRoutes } from './routes/users.js'
import { statusReader } from './views/bot-status-view.js'

const bodyLimit = 256 * 1024

/** The whole API as a function of its dependencies; listens on nothing. Tests inject, `main.ts` listens. */
export function buildApp(deps: Deps, options: { readonly streamTimes?: StreamTimes } = {}): FastifyInstance {
  const app = Fastify({
    loggerInstance: requestLog(deps.log),
    bodyLimit,
    requestTimeout: 30_000,
    trustProxy: deps.trustProxy,
    genReqId: () => crypto.randomUUID(),
    requestIdHeader: false,
    frameworkErrors: answerWithProblem,
    clientErrorHandler: malformedRequest,
    forceCloseConnections: true,
    logController: new LogController({ disableRequestLogging: true }),
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(answerWithProblem)
  app.decorateRequest('caller', null)
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store')
    done()
  })
  logAnswers(app, deps.log)
  acceptJsonOnly(app)
  prepareIdempotency(app, deps.jwtSecret)
  refuseUnstorable(app)
  securityHeaders(app, { https: deps.publicUrl.startsWith('https:') })
  app.register(cookie)
  app.register(websocket, { options: { maxPayload: 16 * 1024 } })
  registerDocs(app)

  const { db } = deps.database
  const tokens = registerAccessTokens(app, { secret: deps.jwtSecret, seconds: deps.accessTokenSeconds })
  const sessions = createSessions(db, systemClock)
  const apiTokens = createApiTokens({ db, log: deps.log, now: systemClock })
  const parts: Parts = {
    ...deps,
    tokens,
    authentication: createAuthentication({ ...deps, tokens, sessions, apiTokens }),
    strangers: strangers({ now: systemClock }),
    market: marketSource(db, systemClock),
    readStatus: statusReader(deps.database),
    now: systemClock,
  }
  app.register(healthRoutes(parts))
  app.register(async (v1) => openRoutes(v1, parts, options.streamTimes ?? streamTimes), { prefix: '/api/v1' })
  app.register(async (v1) => signedInRoutes(v1, parts), { prefix: '/api/v1' })
  serveDashboard(app, deps.dashboardDir)
  return app
}

/** Nobody needs to be signed in. */
function openRoutes(app: FastifyInstance, parts: Parts, times: StreamTimes): void {
  app.register(authRoutes(parts), { prefix: '/auth' })
  app.register(devOutboxRoutes(parts), { prefix: '/dev' })
  app.register(openBillingRoutes(parts), { prefix: '/billing' })
  app.register(billingWebhookRoutes(parts), { prefix: '/billing' })
  app.register(async (scope) => streamRoutes(scope, parts, times))
}

function signedInRoutes(app: FastifyInstance, parts: Parts): void {
  requireSignIn(app, parts, parts.authentication)
  app.register(userRoutes(parts), { prefix: '/users' })
  app.register(apiTokenRoutes(parts), { prefix: '/users/me/tokens' })
  app.register(keyRoutes(parts), { prefix: '/keys' })
  app.register(async (open) => programRoutes(open, parts))
  app.register(billingRoutes(parts), { prefix: '/billing' })
  app.register(adminRoutes(parts), { prefix: '/admin' })
}

/** What a user's own programs may use too. */
function programRoutes(app: FastifyInstance, parts: Parts): void {
  openToApiTokens(app)
  app.register(botRoutes(parts), { prefix: '/bot' })
  app.register(historyRoutes(parts))
  app.register(marketRoutes(parts))
  app.register(backtestRoutes(parts), { prefix: '/backtests' })
  app.register(simulationRoutes(parts), { prefix: '/simulations' })
  app.register(presetRoutes(parts), { prefix: '/presets' })
}
