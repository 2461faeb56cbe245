import { money, signedMoney, words } from '../../parts/format.js'
import { Notice } from '../../parts/notice.js'
import { Time } from '../../parts/time.js'
import { statusTone } from './trade-columns.js'
import { useTrade } from './use-trade.js'

/** What became of a trade that was just placed, followed to its end. */
export function PlacedTrade({ id }: { id: string }) {
  const { data: trade } = useTrade(id)
  if (!trade) return <Notice tone="info" title="Placed." />
  const { direction, symbol, stake, currency, status, reason, profit, expiresAt } = trade
  const tone = statusTone(status)
  return (
    <Notice tone={tone === 'none' ? 'info' : tone} title={`${words(status)}.`}>
      {direction.toUpperCase()} {symbol} with {money(stake, currency)}
      {profit !== null && status !== 'cancelled' && `: ${signedMoney(profit, currency)}`}
      {status === 'open' && expiresAt && (
        <>
          , expires <Time at={expiresAt} />
        </>
      )}
      {(status === 'refused' || status === 'unknown' || status === 'cancelled') && `: ${reason}`}
    </Notice>
  )
}
