/**
 * The life of the stream's connection, without the connection: what happened goes in, what to do comes out.
 *
 * Holds (see connection.test.ts):
 * 1. there is a connection only while somebody wants a topic;
 * 2. once open, what the server was told is what is wanted, each topic once;
 * 3. waits grow with each failure in a row, never beyond `longestWaitMs`, and a first message ends the row.
 */
export interface LiveState {
  readonly phase: 'idle' | 'connecting' | 'open' | 'waiting'
  /** Failures in a row. */
  readonly failures: number
  readonly wanted: readonly string[]
  /** What this connection was told; empty unless open. */
  readonly subscribed: readonly string[]
}

export type LiveEvent =
  /** The topics wanted from now on. */
  | { readonly type: 'want'; readonly topics: readonly string[] }
  | { readonly type: 'opened' }
  | { readonly type: 'message' }
  | { readonly type: 'closed' }
  /** The wait is over. */
  | { readonly type: 'due' }

export type LiveEffect =
  | { readonly type: 'connect' }
  | { readonly type: 'subscribe' | 'unsubscribe'; readonly topics: readonly string[] }
  | { readonly type: 'disconnect' }
  | { readonly type: 'wait'; readonly ms: number }
  | { readonly type: 'stop-waiting' }

export const idle: LiveState = { phase: 'idle', failures: 0, wanted: [], subscribed: [] }

const firstWaitMs = 1_000
export const longestWaitMs = 15_000

type Next = readonly [LiveState, readonly LiveEffect[]]

/** `random` is 0…1 and spreads reconnects of many pages over time. */
export function step(state: LiveState, event: LiveEvent, random: number): Next {
  switch (event.type) {
    case 'want':
      return want({ ...state, wanted: [...new Set(event.topics)] })
    case 'opened':
      return state.phase === 'connecting' ? opened(state) : [state, []]
    case 'message':
      return state.phase === 'open' && state.failures > 0 ? [{ ...state, failures: 0 }, []] : [state, []]
    case 'closed':
      return state.phase === 'idle' || state.phase === 'waiting' ? [state, []] : lost(state, random)
    case 'due':
      return state.phase === 'waiting' ? [{ ...state, phase: 'connecting' }, [{ type: 'connect' }]] : [state, []]
  }
}

function want(state: LiveState): Next {
  const { phase, wanted, subscribed } = state
  if (wanted.length === 0) {
    const end: LiveEffect = { type: phase === 'waiting' ? 'stop-waiting' : 'disconnect' }
    return [idle, phase === 'idle' ? [] : [end]]
  }
  if (phase === 'idle') return [{ ...state, phase: 'connecting' }, [{ type: 'connect' }]]
  if (phase !== 'open') return [state, []]
  const added = wanted.filter((topic) => !subscribed.includes(topic))
  const left = subscribed.filter((topic) => !wanted.includes(topic))
  const effects: LiveEffect[] = []
  if (left.length > 0) effects.push({ type: 'unsubscribe', topics: left })
  if (added.length > 0) effects.push({ type: 'subscribe', topics: added })
  return [{ ...state, subscribed: wanted }, effects]
}

function opened(state: LiveState): Next {
  return [{ ...state, phase: 'open', subscribed: state.wanted }, [{ type: 'subscribe', topics: state.wanted }]]
}

function lost(state: LiveState, random: number): Next {
  const ceiling = Math.min(firstWaitMs * 2 ** state.failures, longestWaitMs)
  const ms = Math.round(ceiling * (0.5 + random / 2))
  return [{ ...state, phase: 'waiting', failures: state.failures + 1, subscribed: [] }, [{ type: 'wait', ms }]]
}
