import { matches } from './bus.js'
import { type IpcEnd, type IpcMessage, ipcSender, isIpcMessage } from './ipc-line.js'

export interface IpcHub {
  /** Takes a child in; its messages reach the others that listen. Returns the function that lets it go, for its exit. */
  attach(child: IpcEnd): () => void
  /** Messages that were not handed on because a child read too slowly. */
  readonly dropped: number
}

/** The launcher's side: carries messages between its children without looking inside them. */
export function ipcHub(): IpcHub {
  const members = new Map<IpcEnd, { filters: Set<string>; send: (message: IpcMessage) => boolean }>()
  let dropped = 0

  function relay(from: IpcEnd, message: IpcMessage & { sathBus: 'message' }): void {
    for (const [end, { filters, send }] of members) {
      if (end === from || ![...filters].some((filter) => matches(filter, message.topic))) continue
      if (!send(message)) dropped++
    }
  }

  return {
    attach(child) {
      const filters = new Set<string>()
      const receive = (message: unknown) => {
        if (!isIpcMessage(message)) return
        if (message.sathBus === 'message') relay(child, message)
        else if (message.sathBus === 'subscribe') filters.add(message.filter)
        else filters.delete(message.filter)
      }
      members.set(child, { filters, send: ipcSender(child) })
      child.on('message', receive)
      return () => {
        child.off('message', receive)
        members.delete(child)
      }
    },
    get dropped() {
      return dropped
    },
  }
}
