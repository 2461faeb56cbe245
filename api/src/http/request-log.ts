import type { FastifyBaseLogger } from 'fastify'
import type { Logger } from 'pino'
import { errorFields } from './error-fields.js'

/** The program's log with the way requests and errors are written: paths without queries, which may hold addresses or tokens. */
export function requestLog(log: Logger): FastifyBaseLogger {
  return log.child(
    {},
    {
      serializers: {
        req: (request: { method?: string; url?: string; ip?: string }) => ({
          method: request.method,
          path: request.url?.split('?', 1)[0],
          address: request.ip,
        }),
        err: errorFields,
      },
    },
  )
}
