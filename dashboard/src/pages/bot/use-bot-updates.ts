import { useQueryClient } from '@tanstack/react-query'
import { statusQuery } from '../../api/queries.js'
import { useApp } from '../../app.js'
import { useThrottled } from '../../live/use-throttled.js'
import { useTopic } from '../../live/use-topic.js'
import { isStatus } from './status-words.js'

/** Follows the bot's status on every page, so that going to its page shows what is, and the stream stays open in between. */
export function useBotUpdates(): void {
  const { client } = useApp()
  const queries = useQueryClient()
  const readEvents = useThrottled(() => void queries.invalidateQueries({ queryKey: ['/bot/events'] }), 1_000)
  useTopic('bot', {
    onData(data) {
      if (isStatus(data)) queries.setQueryData(statusQuery(client).queryKey, data)
      readEvents()
    },
    onGap() {
      void queries.invalidateQueries({ queryKey: ['/bot/status'] })
      readEvents()
    },
  })
}
