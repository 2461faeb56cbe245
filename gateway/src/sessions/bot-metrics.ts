import type { BotHeartbeat } from '@sath/contracts'
import { money } from '@sath/core'
import { type Db, paperBalances } from '@sath/db'
import type { MetricPoint, MetricSink } from '@sath/telemetry'
import type { Session } from './session.js'

/** What a heartbeat says, and what we see of the bot ourselves; the tenant is the session's, whatever the bot claims. */
export function heartbeatPoints(session: Session, beat: BotHeartbeat, time: number): MetricPoint[] {
  const { tenantId } = session.run
  const point = (name: string, unit: string, value: number): MetricPoint => ({ tenantId, name, unit, time, value })
  const points = [
    point('memory', 'bytes', beat.rssBytes),
    point('cpu', 'percent', beat.cpuPercent),
    point('loop-lag', 'ms', beat.loopLagMs),
  ]
  if (session.candleLagMs !== undefined) points.push(point('candle-lag', 'ms', session.candleLagMs))
  return points
}

/** Equity, profit and open positions of these tenants, from the rows. */
export async function writeAccountMetrics(
  db: Db,
  sink: MetricSink,
  tenantIds: readonly string[],
  openOf: (tenantId: string) => number,
  time: number,
): Promise<void> {
  const accounts = await paperBalances(db, tenantIds)
  sink.write(
    accounts.flatMap(({ tenantId, currency, balance, startBalance }): MetricPoint[] => [
      { tenantId, name: 'equity', unit: currency, time, value: money.toFloat(balance) },
      {
        tenantId,
        name: 'profit',
        unit: currency,
        time,
        value: money.toFloat(money.subtract(balance, startBalance)),
      },
      { tenantId, name: 'open-positions', unit: 'count', time, value: openOf(tenantId) },
    ]),
  )
}
