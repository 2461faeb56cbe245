import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { errorFields } from './error-fields.js'

/** The program's log with the way errors are written. */
export function requestLog(log: Logger): FastifyBaseLogger {
  return log.child(
    {},
    {
      serializers: {
        err: errorFields,
      },
    },
  )
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What it takes is on record anyway, and it is called so often that a line for each success would be noise. */
    readonly isRecorded?: true
  }
}

/** One line for each answer; who only looked, or is on record otherwise, is seen at level debug. Paths without queries, which may hold addresses or tokens. */
export function logAnswers(app: FastifyInstance, program: Logger): void {
  app.addHook('onResponse', (request, reply, done) => {
    done()
    const { method, url, ip, caller, log } = request
    const { statusCode, elapsedTime } = reply
    const isQuiet = method === 'GET' || method === 'HEAD' || request.routeOptions.config.isRecorded === true
    const level = isQuiet && statusCode < 400 ? 'debug' : 'info'
    if (!program.isLevelEnabled(level)) return
    const path = url.split('?', 1)[0]
    const who = { userId: caller?.id, ...(caller?.by.kind === 'api-token' ? { tokenId: caller.by.tokenId } : {}) }
    log[level]({ method, path, statusCode, ms: Math.round(elapsedTime), address: ip, ...who }, 'answered')
  })
}
