export interface Repeated {
  /** Does it now; while it is at it already, once more after that. */
  now(): Promise<void>
  /** Nothing begins after this; waits for what is going on. */
  stop(): Promise<void>
}

/** Does `work` at once and then every `ms`, never twice at a time. What fails is told and tried again the next time. */
export function repeat(ms: number, work: () => Promise<void>, onError: (error: unknown) => void): Repeated {
  let stopped = false
  let going: Promise<void> | undefined
  let next: Promise<void> | undefined
  const timer = setInterval(() => {
    if (!going) now()
  }, ms)

  async function once(): Promise<void> {
    try {
      if (!stopped) await work()
    } catch (error) {
      onError(error)
    }
  }

  function now(): Promise<void> {
    if (!going) {
      going = once().finally(() => {
        going = undefined
      })
      return going
    }
    next ??= going.then(() => {
      next = undefined
      return now()
    })
    return next
  }

  now()
  return {
    now,
    async stop() {
      stopped = true
      clearInterval(timer)
      await (next ?? going)
    },
  }
}
