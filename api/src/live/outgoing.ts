import type { WebSocket } from 'ws'

/** What a reader who is slower than its topics may leave lying in our memory. */
export const maxBufferedBytes = 1024 * 1024

/** Sends to one reader. Beyond the limit messages are dropped and counted; the count is told once the reader has caught up. */
export function outgoing(socket: Pick<WebSocket, 'bufferedAmount' | 'readyState' | 'send'>) {
  let dropped = 0
  let total = 0
  const write = (topic: string, data: unknown) => socket.send(JSON.stringify({ topic, data }))
  return {
    send(topic: string, data: unknown): void {
      if (socket.readyState !== 1) return
      if (socket.bufferedAmount > maxBufferedBytes) {
        dropped++
        total++
        return
      }
      if (dropped > 0) {
        write('dropped', { count: dropped })
        dropped = 0
      }
      write(topic, data)
    },
    get dropped() {
      return total
    },
  }
}
