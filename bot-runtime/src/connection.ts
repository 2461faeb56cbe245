import { connect, type Socket } from 'node:net'
import type { Logger } from 'pino'
import { backOffMs } from './back-off.js'
import { protocol, readGatewayMessage } from './gateway-message.js'
import { lineSplitter } from './lines.js'
import { ProtocolError } from './protocol-error.js'
import type { Session } from './session.js'
import type { Vitals } from './vitals.js'

/** A welcome with some 15,000 trades. More would not fit the smallest heap either. */
const maxLineBytes = 4 * 1024 * 1024
const heartbeatMs = 5_000
/** A gateway that takes a connection and says nothing is as good as none. */
const welcomeWithinMs = 10_000
/** A session this long shows that the gateway works, so the next wait is short again. */
const stableAfterMs = 2_000
/** How long a stopping bot waits for the gateway to take what it has to say. */
const flushWithinMs = 3_000

export interface ConnectionOptions {
  readonly path: string
  readonly bundle: string
  readonly session: Session
  readonly readVitals: () => Vitals
  readonly log: Logger
  /** Called with what ends the process: anything but a broken line or a gateway that talks garbage. */
  readonly onFatal: (error: unknown) => void
}

export interface Connection {
  /** Says goodbye and connects no more. Resolves when everything said has left this process, or the gateway takes nothing. */
  close(): Promise<void>
  /** Ends the session without a word, because this process is about to end. */
  abort(): void
}

/** Keeps a session with the gateway for as long as the process lives, over as many connections as that takes. */
export function keepConnected({ path, bundle, session, readVitals, log, onFatal }: ConnectionOptions): Connection {
  let socket: Socket
  let closing = false
  let failures = 0
  let welcomedAt: number | undefined
  let retry: NodeJS.Timeout | undefined
  let closed = () => {}

  const say = (message: object) => {
    // What is read produces what is written: reading no more bounds both.
    if (!socket.write(`${JSON.stringify(message)}\n`)) socket.pause()
  }
  const beat = () => {
    const canTake = welcomedAt !== undefined && !socket.writableNeedDrain
    if (canTake) say({ type: 'heartbeat', progress: session.progress, ...readVitals() })
  }
  const heart = setInterval(beat, heartbeatMs)

  function receive(line: string): void {
    const message = readGatewayMessage(line)
    if (!message) {
      log.warn({ line: line.slice(0, 200) }, 'the gateway said something this version does not know')
      return
    }
    for (const answer of session.receive(message)) say(answer)
    if (message.type !== 'welcome') return
    welcomedAt = performance.now()
    beat()
  }

  function open(): void {
    socket = connect(path)
    welcomedAt = undefined
    const late = setTimeout(() => socket.destroy(new Error('no welcome in time')), welcomeWithinMs)
    const split = lineSplitter(maxLineBytes, (line) => {
      receive(line)
      if (welcomedAt !== undefined) clearTimeout(late)
    })
    socket.on('connect', () => {
      log.info({ path }, 'connected')
      say({ type: 'hello', protocol, bundle })
    })
    socket.on('drain', () => socket.resume())
    socket.on('data', (chunk) => {
      if (socket.destroyed) return
      try {
        split(chunk)
      } catch (error) {
        if (!(error instanceof ProtocolError)) return onFatal(error)
        log.error({ err: error, head: chunk.toString('utf8', 0, 200) }, 'the gateway talks garbage')
        socket.destroy()
      }
    })
    let reason = 'the gateway closed it'
    socket.on('error', (error) => {
      reason = error.message
    })
    socket.on('close', () => {
      clearTimeout(late)
      if (closing) return closed()
      if (welcomedAt !== undefined && performance.now() - welcomedAt > stableAfterMs) failures = 0
      welcomedAt = undefined
      const inMs = Math.round(backOffMs(failures, Math.random()))
      // Said once, however long the gateway stays away.
      log[failures === 0 ? 'warn' : 'debug']({ reason, inMs }, 'not connected: entering nothing, connecting again')
      failures += 1
      retry = setTimeout(open, inMs)
    })
  }

  open()
  function forget(): void {
    closing = true
    clearTimeout(retry)
    clearInterval(heart)
  }

  return {
    close() {
      forget()
      if (socket.closed) return Promise.resolve()
      return new Promise((resolve) => {
        closed = resolve
        setTimeout(resolve, flushWithinMs).unref()
        if (welcomedAt !== undefined) say({ type: 'drained' })
        socket.resume()
        socket.end(() => socket.destroy())
      })
    },
    abort() {
      forget()
      socket.destroy()
    },
  }
}
