import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Teardown } from '@sath/testkit'
import autocannon, { type Request } from 'autocannon'
import { compared, type Figure } from './figure.js'
import type { Sizes } from './sizes.js'
import type { Subscriber } from './subscribers.js'

interface StatusDeps {
  readonly url: string
  readonly databaseUrl: string
  readonly subscribers: readonly Subscriber[]
  readonly sizes: Sizes
}

/** How many statuses a second, beside a route that only reads one row of the same database. */
export async function statusThroughput(t: Teardown, deps: StatusDeps): Promise<Figure> {
  const { url, databaseUrl, subscribers, sizes } = deps
  const bareUrl = await startBareRoute(t, databaseUrl)
  const status = subscribers.map(({ accessToken }) => ({
    method: 'GET',
    path: '/api/v1/bot/status',
    headers: { authorization: `Bearer ${accessToken}` },
  }))
  const read = subscribers.map(({ id }) => ({ method: 'GET', path: `/bots/${id}` }))
  const ours: number[] = []
  const bare: number[] = []
  await fire(url, status, sizes.connections, 1)
  await fire(bareUrl, read, sizes.connections, 1)
  for (let round = 0; round < sizes.statusRounds; round++) {
    ours.push(await fire(url, status, sizes.connections, sizes.statusSeconds))
    bare.push(await fire(bareUrl, read, sizes.connections, sizes.statusSeconds))
  }
  return compared({
    name: `GET /bot/status, ${sizes.connections} connections`,
    unit: 'a second',
    ours,
    bare,
    bound: { atLeast: 0.4 },
    how: `autocannon for ${sizes.statusSeconds} s against each in turn, ${sizes.statusRounds} rounds; ${subscribers.length} signed-in subscribers take turns, so that none meets the limit of 600 requests a minute; bare: Fastify with one route that reads the same bot's row by primary key, in a process of its own`,
  })
}

type Requests = readonly Request[]

/** Answers a second. @throws Error when an answer was not a success: then something else was measured */
async function fire(url: string, requests: Requests, connections: number, duration: number): Promise<number> {
  let clients = 0
  const result = await autocannon({
    url,
    connections,
    duration,
    setupClient(client) {
      // Each connection begins with somebody else.
      const from = Math.floor((clients++ * requests.length) / connections)
      client.setRequests([...requests.slice(from), ...requests.slice(0, from)])
    },
  })
  const { non2xx, errors, timeouts } = result
  if (non2xx + errors + timeouts > 0)
    throw new Error(`${url}: ${non2xx} answers were refusals, ${errors} errors, ${timeouts} time-outs`)
  return result['2xx'] / result.duration
}

async function startBareRoute(t: Teardown, databaseUrl: string): Promise<string> {
  const child = fork(fileURLToPath(new URL('./main-bare-route.js', import.meta.url)), {
    env: { PATH: process.env.PATH, DATABASE_URL: databaseUrl },
  })
  t.teardown(() => child.kill())
  const [message] = (await once(child, 'message')) as [{ address: string }]
  return message.address
}
