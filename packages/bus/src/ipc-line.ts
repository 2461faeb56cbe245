/** One end of Node's channel between a parent and a child: `process` in the child, the `ChildProcess` in the parent. */
export interface IpcEnd {
  readonly connected?: boolean
  send?(message: object, callback: (error: Error | null) => void): boolean
  on(event: 'message', listener: (message: unknown) => void): unknown
  off(event: 'message', listener: (message: unknown) => void): unknown
}

/** What travels on the channel, beside messages of other kinds. `json` stays as it is on the way through the hub. */
export type IpcMessage =
  | { readonly sathBus: 'message'; readonly topic: string; readonly json: string }
  | { readonly sathBus: 'subscribe' | 'unsubscribe'; readonly filter: string }

/** Messages that may wait for a slow reader; beyond it they are dropped, so that our memory stays bounded. */
const maxWaiting = 1_000

/**
 * Sends on a channel without ever throwing and without piling up: `send` answers false when the message was dropped.
 * Subscriptions are always sent: they are few, and one lost would be lost for good.
 */
export function ipcSender(end: IpcEnd): (message: IpcMessage) => boolean {
  let waiting = 0
  return (message) => {
    if (!end.send || end.connected === false) return false
    if (message.sathBus === 'message' && waiting >= maxWaiting) return false
    waiting++
    try {
      end.send(message, () => {
        waiting--
      })
      return true
    } catch {
      waiting--
      return false
    }
  }
}

export function isIpcMessage(message: unknown): message is IpcMessage {
  return typeof message === 'object' && message !== null && 'sathBus' in message
}
