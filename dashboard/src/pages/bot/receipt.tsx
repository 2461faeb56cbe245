import type { ReactNode } from 'react'
import type { StopReceipt } from '../../api/types.js'
import { Badge } from '../../parts/badge.js'
import { dateTime, words } from '../../parts/format.js'
import { Section } from '../../parts/page.js'
import { Time } from '../../parts/time.js'

/** What the last stop proved, item by item. */
export function Receipt({ receipt }: { receipt: StopReceipt }) {
  const { proven, exitedAt, exitCode, by, openOrders, positionsClosed, positionsKept, requestedAt, problems } = receipt
  return (
    <Section
      title="Receipt of the last stop"
      actions={<Badge tone={proven ? 'good' : 'bad'}>{proven ? 'Proven' : 'Not proven'}</Badge>}
    >
      <p>
        {proven
          ? 'The bot has stopped, and every claim below was checked.'
          : 'Not everything could be proven yet. Sath keeps asking, and this receipt changes when it knows.'}
      </p>
      <ul className="receipt-list" aria-label="What was checked">
        <Item done>
          Stop asked for by {by ? words(by).toLowerCase() : 'Sath'}, <Time at={requestedAt} />
        </Item>
        <Item done>
          Container exited, <Time at={exitedAt} />
          {exitCode !== null && `, with code ${exitCode}`}
        </Item>
        <Item done={openOrders === 0}>
          {openOrders === null
            ? 'Nobody could be asked about open orders yet'
            : openOrders === 0
              ? 'No order working, pending or unknown'
              : `${openOrders} ${openOrders === 1 ? 'order is' : 'orders are'} working, pending or unknown`}
        </Item>
        {positionsClosed !== null && (
          <Item done>
            {positionsClosed} {positionsClosed === 1 ? 'position' : 'positions'} closed, {positionsKept.length} kept
          </Item>
        )}
        {problems.map((problem) => (
          <Item key={problem} done={false}>
            {problem}
          </Item>
        ))}
      </ul>
      {positionsKept.length > 0 && (
        <div>
          <h3>Positions kept</h3>
          <ul>
            {positionsKept.map(({ tradeId, symbol, expiresAt }) => (
              <li key={tradeId}>
                {symbol}
                {expiresAt ? `, expires ${dateTime(expiresAt)} and is settled then` : ', open until you close it'}
              </li>
            ))}
          </ul>
        </div>
      )}
    </Section>
  )
}

function Item({ done, children }: { done: boolean; children: ReactNode }) {
  return (
    <li>
      <span className={`mark ${done ? 'mark-yes' : 'mark-no'}`} role="img" aria-label={done ? 'Checked' : 'Not proven'}>
        {done ? '✓' : '✗'}
      </span>
      <span>{children}</span>
    </li>
  )
}
