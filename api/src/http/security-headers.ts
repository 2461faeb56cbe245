import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

/** What the API answers is data: nothing in it may be run, framed or guessed to be something else. */
const ofData = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const
const yearSeconds = 31_536_000

/** Pages may load everything from ourselves and nothing else. Styles may be inline: charts and pop-ups need it. */
export function securityHeaders(app: FastifyInstance, { https }: { readonly https: boolean }): void {
  app.register(helmet, {
    global: false,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        connectSrc: ["'self'"],
        fontSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        imgSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        scriptSrc: ["'self'"],
        scriptSrcAttr: ["'none'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
      },
    },
    strictTransportSecurity: https ? { maxAge: yearSeconds } : false,
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
  })
  const headers = https ? { ...ofData, 'strict-transport-security': `max-age=${yearSeconds}` } : ofData
  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/api/')) return reply.helmet()
    reply.headers(headers)
  })
}
