import { QueryClient } from '@tanstack/react-query'
import { createContext, useContext, useSyncExternalStore } from 'react'
import { type Client, createClient } from './api/client.js'
import { ApiError } from './api/problem.js'
import { createSession, type Session } from './api/session.js'
import type { User } from './api/types.js'
import { createStream, type Stream } from './live/stream.js'

export interface App {
  readonly session: Session
  readonly client: Client
  readonly queries: QueryClient
  readonly stream: Stream
}

/** Everything the pages share, built once. */
export function createApp(origin: string): App {
  const session = createSession()
  const client = createClient({ fetch: (...args) => fetch(...args), session, exclusively: oneTabAtATime })
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // A refusal stays a refusal; only silence and server faults are worth asking again.
        retry: (failures, error) => failures < 2 && (!(error instanceof ApiError) || isPassing(error)),
      },
    },
  })
  session.subscribe(() => {
    if (session.get().kind === 'signed-out') queries.clear()
  })
  return { session, client, queries, stream: createStream(`${origin.replace(/^http/, 'ws')}/api/v1/stream`, client) }
}

function isPassing({ status }: ApiError): boolean {
  return status === 0 || (status >= 500 && status !== 501)
}

/** Web Locks exist only over HTTPS and on this machine; elsewhere tabs may race. */
async function oneTabAtATime<T>(task: () => Promise<T>): Promise<T> {
  if (!('locks' in navigator)) return task()
  return (await navigator.locks.request('sath-session', task)) as T
}

const AppContext = createContext<App | undefined>(undefined)
export const AppProvider = AppContext.Provider

export function useApp(): App {
  const app = useContext(AppContext)
  if (!app) throw new Error('useApp is called outside of AppProvider')
  return app
}

/** Who is signed in; undefined for nobody. */
export function useUser(): User | undefined {
  const { session } = useApp()
  const state = useSyncExternalStore(session.subscribe, session.get)
  return state.kind === 'signed-in' ? state.user : undefined
}
