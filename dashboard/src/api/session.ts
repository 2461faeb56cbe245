import type { User } from './types.js'

/** What this page knows about who is signed in. `unknown` until the refresh cookie was tried once. */
export type SessionState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'signed-in'; readonly user: User; readonly accessToken: string }

/** The access token lives here and nowhere else: memory only, gone with the page. */
export function createSession() {
  let state: SessionState = { kind: 'unknown' }
  const listeners = new Set<() => void>()
  return {
    get: () => state,
    set(next: SessionState): void {
      state = next
      for (const listener of listeners) listener()
    },
    subscribe(listener: () => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
export type Session = ReturnType<typeof createSession>
