import { lazy, Suspense, useMemo } from 'react'
import type { BacktestReport } from '../../api/reports.js'
import { Empty, Loading } from '../../parts/loaded.js'

const AreaChart = lazy(async () => ({ default: (await import('../../charts/area-chart.js')).AreaChart }))

/** Capital and what closed trades made of it. */
export function EquityCurve({ points }: { points: NonNullable<BacktestReport['equity']> }) {
  const drawn = useMemo(() => points.map(({ time, equity }) => [time, Number(equity)] as const), [points])
  if (drawn.length < 2) return <Empty>No trade closed, so there is no curve.</Empty>
  return (
    <Suspense fallback={<Loading />}>
      <AreaChart points={drawn} unit="USD" label="Equity over the time tested" size="large" />
    </Suspense>
  )
}
