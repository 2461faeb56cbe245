import { destination, type Logger, pino, stdTimeFunctions } from 'pino'

/** Unwritten log lines held in memory at most; beyond it lines are dropped, because trading must not wait for a log. */
const maxBufferBytes = 1024 * 1024
/**
 * How long lines wait for more, ms. A candle that makes many bots act makes them all talk, and everybody who carries their lines
 * away works on the cores on which the decisions are made and stored. Who is killed takes so much of what it said with it.
 */
const gatherMs = 250
/** A reader that has stopped reading must not keep a process from ending. */
const flushWithinMs = 1_000

export interface BotLogger {
  readonly log: Logger
  /** Resolves when everything logged is written, or nobody takes it. */
  flush(): Promise<void>
}

/** JSON lines on stdout: level words, ISO times. A bot holds no secrets, so there is nothing to redact. */
export function botLogger(level: string): BotLogger {
  const stdout = destination({ fd: 1, sync: false, minLength: 4_096, maxLength: maxBufferBytes })
  let gathering = false
  const gathered = {
    write(line: string): void {
      stdout.write(line)
      if (gathering) return
      gathering = true
      setTimeout(() => {
        gathering = false
        stdout.flush()
      }, gatherMs)
    },
  }
  const log = pino(
    { level, base: null, timestamp: stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    gathered,
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
