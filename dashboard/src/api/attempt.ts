import { ApiError } from './problem.js'
import { uuid } from './uuid.js'

/**
 * Sends the same thing under the same key until an answer came. Who presses again after a lost answer gets the answer of the
 * first time, not a second effect; what was answered, or is another body, is a new wish.
 */
export function createAttempt() {
  let open: { readonly body: string; readonly key: string } | undefined
  return async function attempt<T>(body: unknown, send: (key: string) => Promise<T>): Promise<T> {
    const text = JSON.stringify(body)
    if (open?.body !== text) open = { body: text, key: uuid() }
    try {
      const answer = await send(open.key)
      open = undefined
      return answer
    } catch (error) {
      if (isAnswer(error)) open = undefined
      throw error
    }
  }
}

/** Silence and server faults leave open whether there was an effect. */
function isAnswer(error: unknown): boolean {
  return error instanceof ApiError && error.status >= 400 && error.status < 500
}
