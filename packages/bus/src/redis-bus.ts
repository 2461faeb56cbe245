import type { Bus, BusLog } from './bus.js'
import { redisLine } from './redis-line.js'
import { subscriptions, toJson } from './subscriptions.js'

/** Other programs may use the same Redis. */
const namespace = 'sath:bus:'
/** The newest messages are kept while the line is down, so that listeners see little of a short cut. */
const maxKept = 1_000
/** Sent and not yet taken by Redis; beyond it Redis is too slow for us. */
const maxInFlight = 10_000
/** How often a line that only listens is asked whether it still lives. */
const probeEveryMs = 5_000

/** A bus over Redis publish/subscribe. Survives its absence: publishing drops and counts, listening resumes by itself. */
export function redisBus({ url, log }: { url: string; log?: BusLog }): Bus {
  const listeners = subscriptions(log)
  const out = redisLine(url, log, 'publish')
  const into = redisLine(url, log, 'subscribe')
  const kept: [channel: string, json: string][] = []
  let inFlight = 0
  let dropped = 0
  let closed = false

  function send(channel: string, json: string): void {
    inFlight++
    out
      .publish(channel, json)
      .catch(() => {
        dropped++
      })
      .finally(() => {
        inFlight--
      })
  }

  function keep(channel: string, json: string): void {
    kept.push([channel, json])
    if (kept.length <= maxKept) return
    kept.shift()
    dropped++
  }

  out.on('ready', () => {
    for (const [channel, json] of kept.splice(0)) send(channel, json)
  })

  // Without a line there is nothing to say: a new line hears about all filters when it is ready.
  const tell = (verb: 'subscribe' | 'unsubscribe', filter: string) => {
    if (into.status !== 'ready') return
    const told = filter.endsWith(':') ? into[`p${verb}`](pattern(filter)) : into[verb](namespace + filter)
    told.catch(() => {})
  }
  into.on('ready', () => {
    for (const filter of listeners.filters()) tell('subscribe', filter)
  })
  into.on('message', (channel: string, json: string) => {
    const topic = channel.slice(namespace.length)
    listeners.deliver(topic, topic, json)
  })
  into.on('pmessage', (glob: string, channel: string, json: string) => {
    const filter = filterOf(glob)
    listeners.deliver(filter, channel.slice(namespace.length), json)
  })
  const probe = setInterval(() => {
    if (into.status === 'ready') into.ping().catch(() => {})
  }, probeEveryMs)
  probe.unref()

  return {
    publish(topic, data) {
      if (closed) return
      const json = toJson(data)
      if (out.status !== 'ready') keep(namespace + topic, json)
      else if (inFlight >= maxInFlight) dropped++
      else send(namespace + topic, json)
    },
    subscribe: (filter, handler) =>
      listeners.add(
        filter,
        handler,
        () => tell('subscribe', filter),
        () => tell('unsubscribe', filter),
      ),
    get dropped() {
      return dropped
    },
    async close() {
      closed = true
      clearInterval(probe)
      listeners.clear()
      out.disconnect()
      into.disconnect()
    },
  }
}

/** Redis patterns are globs; what is special in one gets a backslash. */
function pattern(prefix: string): string {
  return `${(namespace + prefix).replaceAll(/[\\*?[\]^]/g, '\\$&')}*`
}

function filterOf(glob: string): string {
  return glob.slice(0, -1).replaceAll(/\\(.)/g, '$1').slice(namespace.length)
}
