import { EngineError } from './container-engine.js'

/** HTTP status of an answer of Docker; undefined when there was none. */
export function statusOf(error: unknown): number | undefined {
  const status =
    (error as { statusCode?: unknown })?.statusCode ??
    (error as { cause?: { statusCode?: unknown } })?.cause?.statusCode
  return typeof status === 'number' ? status : undefined
}

/**
 * Makes one call to Docker that surely ends. docker-modem never calls back when the line is cut in the middle of an answer, so
 * the time-out does not rely on it; the call's effect may still come after it.
 *
 * @throws EngineError refused for an answer of 4xx, unreachable for everything else
 */
export async function attempt<T>(
  what: string,
  timeoutMs: number,
  run: (abortSignal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new EngineError('unreachable', `${what}: no answer in ${timeoutMs} ms`))
      abort.abort()
    }, timeoutMs)
  })
  try {
    return await Promise.race([run(abort.signal), late])
  } catch (error) {
    if (error instanceof EngineError) throw error
    const status = statusOf(error)
    const refused = status !== undefined && status >= 300 && status < 500
    const message = error instanceof Error ? error.message.trim() : String(error)
    throw new EngineError(refused ? 'refused' : 'unreachable', `${what}: ${message}`, error)
  } finally {
    clearTimeout(timer)
  }
}
