import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { BotMessage, type GatewayMessage } from '@sath/contracts'
import { botNodeFlags } from '@sath/core'
import { type Teardown, until } from '@sath/testkit'

export const bundlePath = fileURLToPath(new URL('../../dist/bot.cjs', import.meta.url))

/** One connection of a bot, seen from the gateway. Everything the bot says must fit the contract. */
export interface Line {
  readonly said: BotMessage[]
  send(...messages: GatewayMessage[]): void
  sendRaw(bytes: string | Buffer): void
  /** The next message of this type that was not asked for yet. */
  next<T extends BotMessage['type']>(type: T): Promise<Extract<BotMessage, { type: T }>>
  readonly socket: Socket
}

export interface BotProcess {
  readonly child: ChildProcess
  readonly logs: { level: string; time: string; msg: string; [field: string]: unknown }[]
  readonly stderr: () => string
  /** The next connection of the bot. */
  line(): Promise<Line>
  logged(msg: string): Promise<Record<string, unknown>>
  /** Exit code, or the signal that ended it. */
  ended(): Promise<number | string>
  /** Takes the gateway away: no listener, no connection. */
  closeGateway(): Promise<void>
  openGateway(): Promise<void>
}

export interface BotProcessOptions {
  readonly args?: readonly string[]
  readonly nodeFlags?: readonly string[]
  readonly stdin?: 'ignore' | 'pipe'
  readonly listening?: boolean
}

/** Runs the real bundle, without any environment, against a gateway on a socket of its own. */
export async function botProcess(t: Teardown, options: BotProcessOptions = {}): Promise<BotProcess> {
  const { args = [], nodeFlags = botNodeFlags(64), stdin = 'ignore', listening = true } = options
  const folder = await mkdtemp(join(tmpdir(), 'bot-'))
  const path = join(folder, 'bot.sock')
  const waiting: Line[] = []
  const sockets = new Set<Socket>()
  let server: Server | undefined

  async function openGateway(): Promise<void> {
    server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => sockets.delete(socket))
      waiting.push(lineOf(socket))
    }).listen(path)
    await once(server, 'listening')
  }
  async function closeGateway(): Promise<void> {
    server?.close()
    for (const socket of sockets) socket.destroy()
  }
  if (listening) await openGateway()

  // The test runner loads itself into every Node below it by NODE_OPTIONS, whatever the environment given here.
  const clean = ['-c', 'unset NODE_OPTIONS; exec "$0" "$@"', process.execPath]
  const child = spawn('/bin/sh', [...clean, ...nodeFlags, bundlePath, path, ...args], {
    stdio: [stdin, 'pipe', 'pipe'],
    env: {},
  })
  const exit = once(child, 'close')
  const logs: BotProcess['logs'] = []
  let stderr = ''
  if (child.stdout) createInterface(child.stdout).on('line', (line) => logs.push(JSON.parse(line)))
  child.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  t.teardown(async () => {
    child.kill('SIGKILL')
    await closeGateway()
    await rm(folder, { recursive: true, force: true })
  })

  return {
    child,
    logs,
    stderr: () => stderr,
    line: () => until('a connection of the bot', () => waiting.shift(), { everyMs: 1 }),
    logged: (msg) => until(`the log line "${msg}"`, () => logs.find((line) => line.msg === msg)),
    async ended() {
      const [code, signal] = await exit
      return code ?? signal
    },
    closeGateway,
    openGateway,
  }
}

function lineOf(socket: Socket): Line {
  const said: BotMessage[] = []
  const unread: BotMessage[] = []
  createInterface(socket)
    .on('line', (text) => {
      const message = BotMessage.parse(JSON.parse(text))
      said.push(message)
      unread.push(message)
    })
    .on('error', () => {})
  return {
    said,
    socket,
    send: (...messages) => socket.write(messages.map((message) => `${JSON.stringify(message)}\n`).join('')),
    sendRaw: (bytes) => socket.write(bytes),
    next<T extends BotMessage['type']>(type: T) {
      return until(
        `"${type}" from the bot`,
        () => {
          const index = unread.findIndex((message) => message.type === type)
          return index < 0 ? undefined : (unread.splice(index, 1)[0] as Extract<BotMessage, { type: T }>)
        },
        { everyMs: 1 },
      )
    },
  }
}
