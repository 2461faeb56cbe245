import { Fact, Facts } from '../../parts/facts.js'
import { number, words } from '../../parts/format.js'

/** How many candles ended how; what never happened is left out. */
export function OutcomeList({ decisions }: { decisions: Readonly<Record<string, number>> }) {
  const happened = Object.entries(decisions).filter(([, count]) => count > 0)
  return (
    <Facts>
      {happened
        .toSorted(([, a], [, b]) => b - a)
        .map(([outcome, count]) => (
          <Fact key={outcome} name={words(outcome)}>
            {number(count, 0)}
          </Fact>
        ))}
    </Facts>
  )
}
