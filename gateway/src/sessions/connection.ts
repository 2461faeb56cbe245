import type { Socket } from 'node:net'
import { BotMessage, type GatewayMessage, maxBotLineBytes } from '@sath/contracts'
import { createLineReader } from './line-reader.js'

export interface ConnectionLimits {
  /** Bytes that may wait for a bot that reads slowly. */
  readonly maxBufferedBytes: number
  /** Messages that make no sense before the session ends. */
  readonly maxFaults: number
}

export const defaultConnectionLimits: ConnectionLimits = { maxBufferedBytes: 16 * 1024 * 1024, maxFaults: 20 }

export interface ConnectionHandlers {
  onMessage(message: BotMessage): void
  /** `fault`: why we ended it, when it was the bot's doing. */
  onClose(fault: string | undefined): void
}

export interface Connection {
  /** Never waits; a bot that does not read loses its session. */
  send(message: GatewayMessage): void
  /** The same for a message that is text already, because many get it. */
  sendLine(line: string): void
  /** Counts one message that makes no sense; too many end the session. */
  fault(what: string): void
  /** Says why and ends it. */
  close(reason: string): void
  readonly closed: boolean
}

/** One bot's end of a socket: lines in, lines out, nothing trusted and nothing unbounded. */
export function createConnection(
  socket: Socket,
  handlers: ConnectionHandlers,
  limits: ConnectionLimits = defaultConnectionLimits,
): Connection {
  let faults = 0
  let closed = false
  let blame: string | undefined

  function end(reason: string, fault?: string): void {
    if (closed) return
    closed = true
    blame = fault
    if (socket.writableLength <= limits.maxBufferedBytes) socket.write(lineOf({ type: 'bye', reason }))
    socket.destroySoon()
    // One that does not even read the farewell is not waited for.
    setTimeout(() => socket.destroy(), 1_000).unref()
  }

  function fault(what: string): void {
    faults++
    if (faults > limits.maxFaults) end(`too many faults, the last one: ${what}`, what)
  }

  const reader = createLineReader(maxBotLineBytes, (line) => {
    const message = parse(line)
    if (message) handlers.onMessage(message)
    else fault('a line that is not a message of the session protocol')
    return !closed
  })

  socket.on('data', (chunk: Buffer) => {
    if (closed) return
    if (!reader.push(chunk)) end('a line is too long', 'a line is too long')
  })
  socket.on('error', () => {})
  socket.on('end', () => socket.end())
  socket.on('close', () => {
    closed = true
    handlers.onClose(blame)
  })

  function sendLine(line: string): void {
    if (closed) return
    socket.write(line)
    if (socket.writableLength > limits.maxBufferedBytes) end('reads too slowly', 'reads too slowly')
  }

  return {
    send: (message) => sendLine(lineOf(message)),
    sendLine,
    fault,
    close: (reason) => end(reason),
    get closed() {
      return closed
    },
  }
}

export function lineOf(message: GatewayMessage): string {
  return `${JSON.stringify(message)}\n`
}

function parse(line: string): BotMessage | undefined {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch {
    return undefined
  }
  const { success, data } = BotMessage.safeParse(json)
  return success && isStorable(data) ? data : undefined
}

/** Postgres keeps neither a NUL nor half a character; what it could not store would fail its whole batch. */
function isStorable(message: BotMessage): boolean {
  if (message.type !== 'decided') return true
  const { reason, signal, intent, indicators } = message
  const texts = [reason, signal?.reason ?? '', intent?.reason ?? '', ...Object.keys(indicators)]
  return texts.every((text) => !text.includes('\0') && !/[\ud800-\udfff]/u.test(text))
}
