import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'

const precisions: Record<string, string> = { ns: 'ns', us: 'u', ms: 'ms', s: 's' }

/**
 * Stands before an InfluxDB 1.6 and takes version 2's `POST /api/v2/write?bucket=&precision=`, checking its token as that
 * version would; everything else passes unchanged.
 */
export function influxRewrite(options: { port: number; target: number; token: string }) {
  let server: Server | undefined
  return {
    start: () =>
      new Promise<void>((resolve, reject) => {
        server = createServer((incoming, answer) => forward(incoming, answer, options))
        server.once('error', reject)
        server.listen(options.port, '127.0.0.1', resolve)
      }),
    stop: async () => {
      const closing = server
      server = undefined
      closing?.closeAllConnections()
      await new Promise<void>((resolve) => (closing ? closing.close(() => resolve()) : resolve()))
    },
  }
}

function forward(
  incoming: IncomingMessage,
  answer: ServerResponse,
  { target, token }: { target: number; token: string },
) {
  const url = new URL(incoming.url ?? '/', 'http://influx')
  const { authorization, ...headers } = incoming.headers
  if (authorization !== `Token ${token}`) {
    answer.writeHead(401, { 'content-type': 'application/json' })
    answer.end(JSON.stringify({ code: 'unauthorized', message: 'unauthorized access' }))
    return
  }
  const outgoing = request(
    { host: '127.0.0.1', port: target, method: incoming.method, path: rewritten(url), headers },
    (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers)
      reply.pipe(answer)
    },
  )
  // What a client of a dying server sees is a cut connection, not an answer.
  outgoing.once('error', () => answer.destroy())
  incoming.pipe(outgoing)
}

function rewritten(url: URL): string {
  if (url.pathname !== '/api/v2/write') return url.pathname + url.search
  const precision = precisions[url.searchParams.get('precision') ?? 'ns'] ?? 'ns'
  return `/write?${new URLSearchParams({ db: url.searchParams.get('bucket') ?? '', precision })}`
}
