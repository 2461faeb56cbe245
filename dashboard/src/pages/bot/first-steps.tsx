import { Link } from '@tanstack/react-router'
import { Section } from '../../parts/page.js'

/** What a newcomer does next. */
export function FirstSteps() {
  return (
    <Section title="Three steps to a running bot">
      <ol className="stack">
        <li>
          <Link to="/setup">Set up a strategy</Link>: choose what it trades, how much it stakes and when it stops.
        </li>
        <li>Press Start here. It trades on paper, with no money, until you say otherwise.</li>
        <li>
          Later, <Link to="/keys">store a broker key</Link> to trade on an account of your own.
        </li>
      </ol>
    </Section>
  )
}
