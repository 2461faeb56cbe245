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

/** One line for each answer; who only looked is seen at level debug. Paths without queries, which may hold addresses or tokens. */
export function logAnswers(app: FastifyInstance, program: Logger): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, url, ip, caller, log } = request
    const { statusCode, elapsedTime } = reply
    const level = (method === 'GET' || method === 'HEAD') && statusCode < 400 ? 'debug' : 'info'
    if (!program.isLevelEnabled(level)) return
    const path = url.split('?', 1)[0]
    log[level]({ method, path, statusCode, ms: Math.round(elapsedTime), address: ip, userId: caller?.id }, 'answered')
  })
}
