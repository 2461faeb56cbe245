import fastifyStatic from '@fastify/static'
import { AppError } from '@sath/core'
import type { FastifyInstance } from 'fastify'

const yearSeconds = 31_536_000

/**
 * Answers what no route took: with the web page where there is one (it routes by itself), else with a problem. Files under
 * /assets carry a hash in their name and never change.
 */
export function serveDashboard(app: FastifyInstance, directory: string | undefined): void {
  if (directory !== undefined)
    app.register(fastifyStatic, {
      root: directory,
      cacheControl: false,
      setHeaders(reply, path) {
        const hashed = path.slice(directory.length).startsWith('/assets/')
        reply.header('cache-control', hashed ? `public, max-age=${yearSeconds}, immutable` : 'no-cache')
      },
    })
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? ''
    const isPage =
      directory !== undefined &&
      (request.method === 'GET' || request.method === 'HEAD') &&
      !/^\/(api|docs|assets)(\/|$)/.test(path) &&
      !/\.[a-z0-9]+$/i.test(path)
    if (!isPage) throw new AppError('not-found', 'There is nothing here.')
    return reply.sendFile('index.html')
  })
}
