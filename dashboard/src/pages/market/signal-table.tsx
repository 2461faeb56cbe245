import type { Signal } from '../../api/types.js'
import { DirectionBadge } from '../../parts/direction-badge.js'
import { number } from '../../parts/format.js'
import { Empty, Loaded } from '../../parts/loaded.js'
import { type Column, Table } from '../../parts/table.js'
import { Time } from '../../parts/time.js'
import { useSignals } from './use-candles.js'

const columns: readonly Column<Signal>[] = [
  { head: 'Candle', cell: ({ time }) => <Time at={time} /> },
  { head: 'Symbol', cell: ({ symbol, timeframe }) => `${symbol} ${timeframe}` },
  { head: 'Direction', cell: ({ direction }) => <DirectionBadge direction={direction} /> },
  { head: 'Why', cell: ({ reason }) => reason },
  { head: 'Confidence', align: 'end', cell: ({ confidence }) => `${number(confidence * 100, 0)} %` },
]

export function SignalTable() {
  const { query, signals } = useSignals()
  return (
    <Loaded query={query}>
      {() =>
        signals.length === 0 ? (
          <Empty>No signals yet. Most candles have none: that is how strategies work.</Empty>
        ) : (
          <Table
            caption="Signals, newest first"
            columns={columns}
            rows={signals.slice(0, 30)}
            rowKey={({ id }) => id}
          />
        )
      }
    </Loaded>
  )
}
