import { Link } from '@tanstack/react-router'
import type { Hold } from '../../api/types.js'
import { Notice } from '../../parts/notice.js'
import { holdWords } from './status-words.js'

/** Why the bot is held, and the ways out. */
export function HoldNotice({ hold, reason }: { hold: Hold; reason: string | null }) {
  const { tone, text, ways } = holdWords[hold]
  return (
    <Notice tone={tone} title="Held.">
      {text} {reason && (text ? `Reason given: ${reason}` : reason)}
      {ways.length > 0 && (
        <div className="notice-actions">
          {ways.map(({ to, label }) => (
            <Link key={to} to={to} className="button button-plain">
              {label}
            </Link>
          ))}
        </div>
      )}
    </Notice>
  )
}
