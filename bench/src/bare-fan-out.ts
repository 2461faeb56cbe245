import { chmodSync, mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { type Teardown, until } from '@sath/testkit'
import { type WebSocket, WebSocketServer } from 'ws'

/** A server that does nothing but send a message to everybody who is connected and take their acknowledgements. */
export interface BareFanOut {
  /** The directory whose mount leads to it. */
  readonly socketDir: string
  connected(count: number): Promise<void>
  /** Sends to all; for each the ms from the first send until its acknowledgement. */
  round(message: { readonly candle: { readonly time: number } }): Promise<number[]>
}

export async function bareFanOut(t: Teardown, directory: string): Promise<BareFanOut> {
  const socketDir = join(directory, 'fan-out')
  mkdirSync(socketDir, { mode: 0o711 })
  const path = join(socketDir, 'bot.sock')
  const http = createServer()
  const server = new WebSocketServer({ server: http, perMessageDeflate: false })
  await new Promise<void>((resolve) => http.listen({ path, backlog: 511 }, resolve))
  chmodSync(path, 0o666)
  const clients = new Set<WebSocket>()
  let onAcknowledged: (client: WebSocket, candleTime: number) => void = () => {}
  server.on('connection', (client) => {
    clients.add(client)
    client.on('close', () => clients.delete(client))
    client.on('message', (data) => {
      const { candleTime } = JSON.parse(String(data)) as { candleTime: number }
      onAcknowledged(client, candleTime)
    })
  })
  t.teardown(() => {
    for (const client of clients) client.terminate()
    server.close()
    http.close()
  })

  return {
    socketDir,
    connected: async (count) =>
      void (await until(`${count} bare clients`, () => clients.size === count, { timeoutMs: 60_000 })),
    round(message) {
      const text = JSON.stringify(message)
      const missing = new Set(clients)
      const took: number[] = []
      return new Promise((resolve) => {
        const began = performance.now()
        onAcknowledged = (client, candleTime) => {
          if (candleTime !== message.candle.time || !missing.delete(client)) return
          took.push(performance.now() - began)
          if (missing.size === 0) resolve(took)
        }
        for (const client of clients) client.send(text)
      })
    },
  }
}
