import type { Readable } from 'node:stream'
import type Docker from 'dockerode'
import type { EngineEvent } from './container-engine.js'
import { labels } from './labels.js'
import { watchGaps } from './watch-gaps.js'

const reconnectMs = 500
/** A line longer than this is no event. */
const maxLineChars = 1024 * 1024

/** Docker's event stream, opened again whenever it ends, and the memory of when there was none. */
export function watchEvents(docker: Docker, label: readonly string[]) {
  const gaps = watchGaps(() => Date.now())
  const abort = new AbortController()
  const listeners = new Set<{ onEvent: (event: EngineEvent) => void; onReconnect: () => void }>()
  let timer: NodeJS.Timeout | undefined

  async function follow(): Promise<void> {
    try {
      const stream = (await docker.getEvents({
        filters: { type: ['container'], label: [...label] },
        abortSignal: abort.signal,
      } as Docker.GetEventsOptions)) as Readable
      gaps.watching()
      for (const { onReconnect } of listeners) onReconnect()
      let rest = ''
      for await (const chunk of stream) {
        const lines = (rest + String(chunk)).split('\n')
        rest = (lines.pop() ?? '').slice(0, maxLineChars)
        for (const line of lines) tell(line)
      }
    } catch {
      // What was missed is found by the list that follows the reconnection.
    }
    gaps.lost()
    if (!abort.signal.aborted) timer = setTimeout(follow, reconnectMs).unref()
  }

  function tell(line: string): void {
    const event = parse(line)
    if (event) for (const { onEvent } of listeners) onEvent(event)
  }

  follow()
  return {
    listen(onEvent: (event: EngineEvent) => void, onReconnect: () => void): () => void {
      const listener = { onEvent, onReconnect }
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    wasAway: gaps.wasAway,
    close() {
      abort.abort()
      clearTimeout(timer)
    },
  }
}

function parse(line: string): EngineEvent | undefined {
  try {
    const { Action, Actor } = JSON.parse(line) as { Action?: string; Actor?: { Attributes?: Record<string, string> } }
    const { [labels.tenant]: tenantId, [labels.run]: runId } = Actor?.Attributes ?? {}
    return tenantId && runId && Action ? { tenantId, runId, action: Action } : undefined
  } catch {
    return undefined
  }
}
