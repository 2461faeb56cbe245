import { AppError } from '@sath/core'
import type { FastifyInstance } from 'fastify'

/** JSON and nothing else. An empty body is no body, so that a client may send the header with a POST that says nothing. */
export function acceptJsonOnly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') return done(null, undefined)
    parse(request, body as string, (error, value) =>
      error ? done(new AppError('invalid-request', 'The body is not JSON that we accept.')) : done(null, value),
    )
  })
}
