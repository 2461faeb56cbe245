/** The way of an event to the endpoint: a queue, and faults that a test asks for. */
import type { PeerEvent } from './account.js'
import { seededRandom } from './seeded-random.js'
import { signatureHeader } from './signature.js'

export interface WebhookEndpoint {
  readonly url: string
  /** `whsec_…` */
  readonly secret: string
  /** Sent as soon as they happen; else they wait for `flush()`. */
  readonly automatic?: boolean
}

/** Which events it hits: a share 0…1 drawn by the seed, or a choice. */
export type Hits = number | ((event: PeerEvent) => boolean)

export interface DeliveryFaults {
  /** Never sent. */
  readonly drop?: Hits
  /** Sent twice in the same flush. */
  readonly duplicate?: Hits
  /** Held back until the flush after. */
  readonly delay?: Hits
  /** The order of each flush is shuffled. */
  readonly reorder?: boolean
  /** Default 1. */
  readonly seed?: number
}

/** One try to hand an event over. */
export interface Delivery {
  readonly eventId: string
  readonly type: string
  /** The answer; undefined when there was none. */
  readonly status: number | undefined
  readonly attempt: number
}

export interface FlushResult {
  readonly delivered: number
  readonly failed: number
  readonly dropped: number
  readonly delayed: number
}

interface Queued {
  readonly event: PeerEvent
  attempts: number
  held: boolean
}

export interface Webhooks {
  endpoint: WebhookEndpoint | undefined
  readonly deliveries: readonly Delivery[]
  faults(faults: DeliveryFaults): void
  enqueue(event: PeerEvent): void
  flush(): Promise<FlushResult>
  close(): void
}

/** Stripe tries for three days; tries beyond this many are given up here. */
const maxAttempts = 16
const answerWithinMs = 10_000
const automaticRetryMs = 200

/** @param nowSeconds the moment that is signed */
export function createWebhooks(first: WebhookEndpoint | undefined, nowSeconds: () => number): Webhooks {
  let queue: Queued[] = []
  let faults: DeliveryFaults = {}
  let random = seededRandom(1)
  let chain: Promise<unknown> = Promise.resolve()
  let retryTimer: NodeJS.Timeout | undefined
  const closing = new AbortController()
  const deliveries: Delivery[] = []

  const webhooks: Webhooks = {
    endpoint: first,
    deliveries,
    faults(wanted) {
      faults = wanted
      random = seededRandom(wanted.seed ?? 1)
    },
    enqueue(event) {
      if (!webhooks.endpoint) return
      event.pending_webhooks = 1
      queue.push({ event, attempts: 0, held: false })
      if (webhooks.endpoint.automatic) setImmediate(() => void webhooks.flush())
    },
    /** One flush after the other. */
    flush() {
      const flushed = chain.then(sendAll)
      chain = flushed.catch(() => undefined)
      return flushed
    },
    close() {
      closing.abort()
      clearTimeout(retryTimer)
    },
  }

  function hit(hits: Hits | undefined, event: PeerEvent): boolean {
    if (hits === undefined) return false
    return typeof hits === 'number' ? random() < hits : hits(event)
  }

  /** Every draw is made for every event, so that one fault does not move another. */
  function fate(entry: Queued): 'drop' | 'delay' | 'twice' | 'once' {
    const dropped = hit(faults.drop, entry.event)
    const delayed = hit(faults.delay, entry.event)
    const twice = hit(faults.duplicate, entry.event)
    if (entry.attempts > 0 || entry.held) return 'once'
    return dropped ? 'drop' : delayed ? 'delay' : twice ? 'twice' : 'once'
  }

  async function sendAll(): Promise<FlushResult> {
    const result = { delivered: 0, failed: 0, dropped: 0, delayed: 0 }
    const taken = queue
    queue = []
    const outgoing: Queued[] = []
    for (const entry of taken) {
      const end = fate(entry)
      if (end === 'drop') result.dropped++
      else if (end === 'delay') {
        result.delayed++
        entry.held = true
        queue.push(entry)
      } else outgoing.push(...(end === 'twice' ? [entry, entry] : [entry]))
    }
    for (const entry of faults.reorder ? shuffled(outgoing, random) : outgoing) {
      if (await send(entry)) result.delivered++
      else result.failed++
    }
    const failed = new Set(
      outgoing.filter(({ event, attempts }) => event.pending_webhooks > 0 && attempts < maxAttempts),
    )
    queue.unshift(...failed)
    if (failed.size > 0 && webhooks.endpoint?.automatic && !closing.signal.aborted) {
      retryTimer = setTimeout(() => void webhooks.flush(), automaticRetryMs)
    }
    return result
  }

  async function send(entry: Queued): Promise<boolean> {
    const { event } = entry
    entry.attempts++
    const status = await post(webhooks.endpoint, event, nowSeconds(), closing.signal)
    const delivered = status !== undefined && status >= 200 && status < 300
    if (delivered) event.pending_webhooks = 0
    deliveries.push({ eventId: event.id, type: event.type, status, attempt: entry.attempts })
    return delivered
  }

  return webhooks
}

/** The status of the answer; a redirect is an answer too and no success. Undefined when there is none. */
async function post(
  endpoint: WebhookEndpoint | undefined,
  event: PeerEvent,
  timestamp: number,
  closing: AbortSignal,
): Promise<number | undefined> {
  if (!endpoint) return undefined
  const payload = JSON.stringify(event, undefined, 2)
  try {
    const answer = await fetch(endpoint.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        'stripe-signature': signatureHeader({ payload, secret: endpoint.secret, timestamp }),
      },
      body: payload,
      redirect: 'manual',
      signal: AbortSignal.any([closing, AbortSignal.timeout(answerWithinMs)]),
    })
    await answer.arrayBuffer()
    return answer.status
  } catch {
    return undefined
  }
}

function shuffled<T>(rows: readonly T[], random: () => number): T[] {
  const mixed = [...rows]
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const [one, other] = [mixed[i], mixed[j]]
    if (one === undefined || other === undefined) continue
    mixed[i] = other
    mixed[j] = one
  }
  return mixed
}
