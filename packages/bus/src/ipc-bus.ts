import type { Bus, BusLog } from './bus.js'
import { type IpcEnd, ipcSender, isIpcMessage } from './ipc-line.js'
import { subscriptions, toJson } from './subscriptions.js'

/** A bus to the launcher that started this process and through its hub to its other children. `end` is `process`. */
export function ipcBus({ end, log }: { end: IpcEnd; log?: BusLog }): Bus {
  const listeners = subscriptions(log)
  const send = ipcSender(end)
  let dropped = 0
  let closed = false
  const receive = (message: unknown) => {
    if (isIpcMessage(message) && message.sathBus === 'message') listeners.deliverAll(message.topic, message.json)
  }
  end.on('message', receive)
  return {
    publish(topic, data) {
      if (closed) return
      const json = toJson(data)
      // The hub sends to the others only.
      queueMicrotask(() => listeners.deliverAll(topic, json))
      if (!send({ sathBus: 'message', topic, json })) dropped++
    },
    subscribe: (filter, handler) =>
      listeners.add(
        filter,
        handler,
        () => send({ sathBus: 'subscribe', filter }),
        () => send({ sathBus: 'unsubscribe', filter }),
      ),
    get dropped() {
      return dropped
    },
    async close() {
      closed = true
      for (const filter of listeners.filters()) send({ sathBus: 'unsubscribe', filter })
      listeners.clear()
      end.off('message', receive)
    },
  }
}
