import type { BotEvent } from '../../api/types.js'
import { useApp } from '../../app.js'
import { words } from '../../parts/format.js'
import { Pages, usePages } from '../../parts/pages.js'
import { Time } from '../../parts/time.js'

/** What happened to the bot, newest first. */
export function Events() {
  const { client } = useApp()
  const query = usePages<BotEvent>(client, '/bot/events')
  return (
    <Pages query={query} empty="Nothing has happened yet. Starts, stops and crashes will be listed here.">
      {(events) => (
        <ul className="event-list">
          {events.map(({ id, time, type, message }) => (
            <li key={id}>
              <span className="muted">
                <Time at={time} />
              </span>
              <span>
                <strong>{words(type)}</strong>
                {message && ` – ${message}`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Pages>
  )
}
