import { useEffect, useEffectEvent, useSyncExternalStore } from 'react'
import { useApp } from '../app.js'
import type { TopicListener } from './stream.js'

/** Listens to a topic while the component is shown; undefined listens to nothing. */
export function useTopic(topic: string | undefined, { onData, onGap }: TopicListener): void {
  const { stream } = useApp()
  const data = useEffectEvent(onData)
  const gap = useEffectEvent(() => onGap?.())
  useEffect(() => {
    if (topic === undefined) return undefined
    return stream.listen(topic, { onData: (message) => data(message), onGap: () => gap() })
  }, [stream, topic])
}

/** Whether live messages flow now. */
export function useIsLive(): boolean {
  const { stream } = useApp()
  return useSyncExternalStore(stream.watch, stream.phase) === 'open'
}
