import { http } from '@sath/contracts'
import { AppError } from '@sath/core'
import { outboxRepository } from '@sath/db'
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { problems } from '../http/problem.js'
import type { Parts } from './parts.js'

const loopback = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/
/** A proxy in front of us would make everybody look local. */
const forwarding = /^(forwarded|via|x-forwarded.*|x-real-ip|(x-|true-|x-cluster-)client-ip|.*connecting-ip)$/

/** The mails of an installation without a mail server, for the person who sits at it. To everybody else it is not there. */
export function devOutboxRoutes({ database: { db }, outboxHosts }: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get('/outbox', {
      schema: {
        summary: 'Lists the mails of an installation without a mail server',
        querystring: http.OutboxQuery,
        response: { 200: http.OutboxView, ...problems },
      },
      onRequest: async (request) => {
        if (!outboxHosts || !isLocal(request, outboxHosts)) throw new AppError('not-found', 'There is nothing here.')
      },
      handler: async (request) => ({
        items: (await outboxRepository(db).list(request.query.to)).map((mail) => ({
          to: mail.toAddress,
          subject: mail.subject,
          text: mail.text,
          ...(mail.html === null ? {} : { html: mail.html }),
          links: [...mail.links],
          ...(mail.token === null ? {} : { token: mail.token }),
          sentAt: (mail.sentAt ?? mail.createdAt).toISOString(),
        })),
      }),
    })
  }
}

/** The socket's own peer, whatever the proxy settings; our own Host, or a page elsewhere could have its name point here. */
function isLocal({ raw, headers }: FastifyRequest, hosts: ReadonlySet<string>): boolean {
  return (
    loopback.test(raw.socket.remoteAddress ?? '') &&
    hosts.has((headers.host ?? '').toLowerCase()) &&
    !Object.keys(headers).some((name) => forwarding.test(name))
  )
}
