import { ApiError, problemOf, unreachable } from './problem.js'
import type { Session } from './session.js'
import type { SignIn } from './types.js'
import { uuid } from './uuid.js'

const base = '/api/v1'

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

export interface RequestOptions {
  readonly body?: unknown
  /** Absent values are left out. */
  readonly query?: Readonly<Record<string, string | number | undefined>>
  readonly signal?: AbortSignal
  /** Sends an Idempotency-Key, so that a lost answer never makes a second effect; a text is a key of the caller's own. */
  readonly once?: boolean | string
  /** The answer's text as it is, of what is no JSON. */
  readonly raw?: boolean
}

export interface ClientParts {
  readonly fetch: typeof fetch
  readonly session: Session
  /** Runs one task at a time over all tabs: a refresh token that is used twice ends the whole sign-in. */
  readonly exclusively: <T>(task: () => Promise<T>) => Promise<T>
}

/**
 * The API over HTTP. Every call throws ApiError. An expired access token is renewed once through the refresh cookie; when
 * that is refused the session is signed out.
 */
export function createClient({ fetch, session, exclusively }: ClientParts) {
  let renewing: Promise<string> | undefined

  async function send(method: Method, path: string, options: RequestOptions, headers: Record<string, string>) {
    const { body, query = {}, signal, raw = false } = options
    const params = Object.entries(query).filter((entry): entry is [string, string | number] => entry[1] !== undefined)
    const search = new URLSearchParams(params.map(([name, value]) => [name, String(value)])).toString()
    const response = await fetch(`${base}${path}${search === '' ? '' : `?${search}`}`, {
      method,
      credentials: 'same-origin',
      headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    }).catch((error: unknown) => {
      if (signal?.aborted) throw error
      throw unreachable()
    })
    const text = await response.text().catch(() => {
      // Half a file must not pass for a whole one.
      if (raw) throw unreachable()
      return ''
    })
    if (!response.ok) throw problemOf(response.status, parse(text), response.headers.get('retry-after'))
    return raw ? text : parse(text)
  }

  async function renew(): Promise<string> {
    try {
      const answer = (await exclusively(() => send('POST', '/auth/refresh', { body: {} }, {}))) as SignIn
      session.set({ kind: 'signed-in', user: answer.user, accessToken: answer.accessToken })
      return answer.accessToken
    } catch (error) {
      if (error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429)
        session.set({ kind: 'signed-out' })
      throw error
    }
  }

  /** A new access token; callers at the same time share one renewal. */
  function renewToken(): Promise<string> {
    renewing ??= renew().finally(() => {
      renewing = undefined
    })
    return renewing
  }

  /** The token held, else a new one. @throws ApiError when there is no session any more */
  async function accessToken(): Promise<string> {
    const state = session.get()
    return state.kind === 'signed-in' ? state.accessToken : renewToken()
  }

  /** A call as the signed-in user. The answer's type is the caller's word for what the contract says. */
  async function call<T>(method: Method, path: string, options: RequestOptions = {}): Promise<T> {
    const key = options.once ? { 'idempotency-key': options.once === true ? uuid() : options.once } : {}
    const attempt = (token: string) => send(method, path, options, { ...key, authorization: `Bearer ${token}` })
    const token = await accessToken()
    try {
      return (await attempt(token)) as T
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error
      return (await attempt(await renewToken())) as T
    }
  }

  return {
    get: <T>(path: string, options?: Omit<RequestOptions, 'body' | 'once'>) => call<T>('GET', path, options),
    post: <T = void>(path: string, options?: RequestOptions) => call<T>('POST', path, options),
    put: <T = void>(path: string, options?: RequestOptions) => call<T>('PUT', path, options),
    delete: <T = void>(path: string) => call<T>('DELETE', path),
    /** A call that needs nobody signed in. */
    open: <T = void>(method: Method, path: string, options: RequestOptions = {}) =>
      send(method, path, options, {}) as Promise<T>,
    accessToken,
    renewToken,
    async signIn(email: string, password: string): Promise<void> {
      const body = { email, password, cookie: true }
      const answer = (await send('POST', '/auth/login', { body }, {})) as SignIn
      session.set({ kind: 'signed-in', user: answer.user, accessToken: answer.accessToken })
    },
    /** Ends the session here even when the server cannot be told. */
    async signOut(): Promise<void> {
      await call('POST', '/auth/logout', { body: {} }).catch(() => undefined)
      session.set({ kind: 'signed-out' })
    },
  }
}
export type Client = ReturnType<typeof createClient>

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
