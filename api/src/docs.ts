import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'

/** The headings of the document, each with where the calls under it begin. */
const headings: Readonly<Record<string, readonly string[]>> = {
  Accounts: ['/auth', '/users', '/dev'],
  Keys: ['/keys'],
  'The bot': ['/bot'],
  'What it does': [
    ...[
      '/trades',
      '/positions',
      '/signals',
      '/decisions',
      '/candles',
      '/strategies',
      '/symbols',
      '/brokers',
      '/metrics',
    ],
    ...['/performance', '/logs', '/backtests', '/simulations', '/presets', '/stream'],
  ],
  Billing: ['/billing'],
  Admin: ['/admin'],
  Health: ['/healthz', '/readyz'],
}

/** The heading of a call; undefined: none names where it begins. */
function headingOf(url: string): string | undefined {
  const start = /^\/[^/]+/.exec(url.replace(/^\/api\/v1/, ''))?.[0] ?? ''
  return Object.keys(headings).find((name) => headings[name]?.includes(start))
}

const transform: typeof jsonSchemaTransform = (route) => {
  const { schema, url } = jsonSchemaTransform(route)
  const heading = headingOf(url)
  return { schema: heading === undefined ? schema : { ...schema, tags: [heading] }, url }
}

/** /openapi.json and a readable page at /docs, made from the very schemas that validate. Before any route. */
export function registerDocs(app: FastifyInstance): void {
  app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Sath API',
        version: '1',
        description: 'Trading bots as a service. Errors are application/problem+json.',
      },
      tags: Object.keys(headings).map((name) => ({ name })),
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description:
              'An access token, or an API token where the plan has API access. An API token reads the own account and all that the bot is and did; with the scope "trade" it also starts, stops and configures it, trades, and asks for back-tests and simulations. The rest of the account, keys, billing and administration need a sign-in.',
          },
        },
      },
    },
    transform,
    transformObject: jsonSchemaTransformObject,
  })
  app.register(swaggerUi, { routePrefix: '/docs', theme: { title: 'Sath API' } })
  app.get('/openapi.json', { schema: { hide: true }, handler: async () => app.swagger() })
}
