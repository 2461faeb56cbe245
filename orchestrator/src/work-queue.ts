export interface WorkQueue {
  /** Asks for work on this key. While it is at work already, one more round follows, however often it is asked for. */
  add(key: string): void
  /** Settles when nothing is at work or waiting; failed work that waits for its next try does not count. */
  idle(): Promise<void>
  /** Takes nothing more and waits for what is at work. */
  close(): Promise<void>
}

export interface WorkQueueOptions {
  /** Works on one key; never twice at once on the same. */
  readonly work: (key: string) => Promise<void>
  readonly concurrency: number
  readonly onError: (key: string, error: unknown) => void
  /** Wait before the first retry; doubles up to 30 times that. */
  readonly retryMs?: number
}

/** Serial for each key, bounded over all, repeated requests folded, failures tried again later and later. */
export function workQueue({ work, concurrency, onError, retryMs = 500 }: WorkQueueOptions): WorkQueue {
  const waiting = new Set<string>()
  const atWork = new Set<string>()
  const failures = new Map<string, number>()
  const timers = new Map<string, NodeJS.Timeout>()
  let closed = false
  let onIdle: (() => void)[] = []

  function pump(): void {
    for (const key of waiting) {
      if (atWork.size >= concurrency) return
      if (atWork.has(key)) continue
      waiting.delete(key)
      atWork.add(key)
      run(key)
    }
    if (atWork.size === 0 && waiting.size === 0) for (const tell of onIdle.splice(0)) tell()
  }

  async function run(key: string): Promise<void> {
    try {
      await work(key)
      failures.delete(key)
    } catch (error) {
      onError(key, error)
      retry(key)
    } finally {
      atWork.delete(key)
      pump()
    }
  }

  function retry(key: string): void {
    if (closed) return
    const failed = (failures.get(key) ?? 0) + 1
    failures.set(key, failed)
    clearTimeout(timers.get(key))
    const timer = setTimeout(() => add(key), retryMs * Math.min(2 ** (failed - 1), 30))
    timers.set(key, timer)
  }

  function add(key: string): void {
    if (closed) return
    clearTimeout(timers.get(key))
    timers.delete(key)
    waiting.add(key)
    pump()
  }

  function idle(): Promise<void> {
    if (atWork.size === 0 && waiting.size === 0) return Promise.resolve()
    return new Promise((resolve) => onIdle.push(resolve))
  }

  return {
    add,
    idle,
    async close() {
      closed = true
      for (const timer of timers.values()) clearTimeout(timer)
      waiting.clear()
      await idle()
      onIdle = []
    },
  }
}
