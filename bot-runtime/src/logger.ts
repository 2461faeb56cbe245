import { destination, type Logger, pino, stdTimeFunctions } from 'pino'

/** Unwritten log lines held in memory at most; beyond it lines are dropped, because trading must not wait for a log. */
const maxBufferBytes = 1024 * 1024
/** A reader that has stopped reading must not keep a process from ending. */
const flushWithinMs = 1_000

export interface BotLogger {
  readonly log: Logger
  /** Resolves when everything logged is written, or nobody takes it. */
  flush(): Promise<void>
}

/** JSON lines on stdout: level words, ISO times. A bot holds no secrets, so there is nothing to redact. */
export function botLogger(level: string): BotLogger {
  // With the default minLength of 0, `flush` does not wait for the write that is under way.
  const stdout = destination({ fd: 1, sync: false, minLength: 1, maxLength: maxBufferBytes })
  const log = pino(
    { level, base: null, timestamp: stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    stdout,
  )
  let dropped = 0
  stdout.on('drop', () => {
    dropped += 1
  })
  stdout.on('drain', () => {
    if (dropped === 0) return
    log.warn({ dropped }, 'log lines dropped')
    dropped = 0
  })
  // Nobody reads any more: there is nowhere left to say so.
  stdout.on('error', () => {})
  const flush = () =>
    new Promise<void>((resolve) => {
      setTimeout(resolve, flushWithinMs)
      stdout.flush(() => resolve())
    })
  return { log, flush }
}
