import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Account } from './account.js'
import type { Api, ApiAnswer, ApiRequest } from './api-server.js'
import { parseForm } from './form.js'
import { escaped, htmlPage } from './html.js'
import type { Outage } from './outage.js'
import { webPages } from './routes.js'
import { StripeFault } from './stripe-fault.js'
import type { PageAnswer } from './web-page.js'

export interface PeerServer {
  readonly port: number
  /** Undefined when all is well. */
  setOutage(outage: Outage | undefined): Promise<void>
  close(): Promise<void>
}

const serverFault: ApiAnswer = {
  status: 500,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ error: { type: 'api_error', message: 'An unknown error occurred' } }),
}

/**
 * Listens on 127.0.0.1.
 *
 * @param beforeEach runs before each request is answered
 */
export async function startServer(
  account: Account,
  api: Api,
  wantedPort: number,
  beforeEach: () => void,
): Promise<PeerServer> {
  let outage: Outage | undefined
  const server = createServer((request, response) => {
    void handle(request, response).catch((error: unknown) => {
      console.error(error)
      send(response, serverFault)
    })
  })
  // Longer than any pause in a test, so that no client writes into a line that is just being closed.
  server.keepAliveTimeout = 60_000

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    if (outage === 'timeout') return
    if (outage === 'error') {
      send(response, serverFault)
      return
    }
    beforeEach()
    const url = new URL(request.url ?? '/', 'http://peer')
    const form = Buffer.concat(chunks).toString('utf8')
    if (url.pathname.startsWith('/v1/')) {
      const answer = api.answer(apiRequest(request, url, form))
      if (outage === 'answer-lost') response.destroy()
      else send(response, answer)
    } else sendPage(response, answerPage(account, request.method ?? 'GET', url.pathname, form || url.search.slice(1)))
  }

  const port = await listen(server, wantedPort)
  return {
    port,
    async setOutage(wanted) {
      outage = wanted
      if (wanted === 'refused' && server.listening) await stopListening(server)
      if (wanted !== 'refused' && !server.listening) await listen(server, port)
      if (wanted === undefined) server.closeAllConnections()
    },
    close: () => stopListening(server),
  }
}

function apiRequest(request: IncomingMessage, url: URL, body: string): ApiRequest {
  const header = (name: string) => request.headers[name]?.toString()
  const method = request.method ?? 'GET'
  return {
    method,
    path: url.pathname,
    form: method === 'POST' ? body : url.search.slice(1),
    contentType: header('content-type'),
    authorization: header('authorization'),
    idempotencyKey: header('idempotency-key'),
    stripeVersion: header('stripe-version'),
  }
}

function answerPage(account: Account, method: string, path: string, form: string): PageAnswer {
  try {
    for (const page of webPages) {
      const match = page.method === method ? page.path.exec(path) : null
      if (match) return page.answer(account, match[1] ?? '', parseForm(form))
    }
  } catch (error) {
    if (!(error instanceof StripeFault)) throw error
    const body = htmlPage('Something went wrong', `<p role="alert">${escaped(error.message)}</p>`)
    return { kind: 'html', status: error.status, html: body }
  }
  return { kind: 'html', status: 404, html: htmlPage('Not found', '') }
}

function send(response: ServerResponse, { status, headers, body }: ApiAnswer): void {
  response.writeHead(status, headers)
  response.end(body)
}

function sendPage(response: ServerResponse, page: PageAnswer): void {
  if (page.kind === 'redirect') response.writeHead(303, { location: page.to }).end()
  else if (page.kind === 'pdf') response.writeHead(200, { 'content-type': 'application/pdf' }).end(page.body)
  else response.writeHead(page.status, { 'content-type': 'text/html; charset=utf-8' }).end(page.html)
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  return typeof address === 'object' && address ? address.port : port
}

async function stopListening(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  await closed
}
