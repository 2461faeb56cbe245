import {
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  type IChartApi,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  type SeriesMarker,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts'
import { useEffect, useRef } from 'react'
import type { Signal } from '../../api/types.js'
import { chartOptions, onSchemeChange, readColors } from '../../charts/theme.js'
import { decimal } from '../../parts/format.js'
import type { Bar } from './candle-data.js'

interface CandleChartProps {
  /** Oldest first. */
  readonly bars: readonly Bar[]
  /** The bar that came last over the stream, forming or closed. */
  readonly newest: Bar | undefined
  readonly signals: readonly Signal[]
  readonly label: string
}

interface Drawn {
  readonly chart: IChartApi
  readonly series: ISeriesApi<'Candlestick'>
  readonly markers: ISeriesMarkersPluginApi<Time>
}

export function CandleChart({ bars, newest, signals, label }: CandleChartProps) {
  const box = useRef<HTMLDivElement>(null)
  const drawn = useRef<Drawn>(undefined)

  useEffect(() => {
    if (!box.current) return undefined
    const chart = createChart(box.current, chartOptions())
    const series = chart.addSeries(CandlestickSeries, {
      priceFormat: { type: 'custom', minMove: 1e-8, formatter: (price: number) => decimal(price.toPrecision(7)) },
    })
    drawn.current = { chart, series, markers: createSeriesMarkers(series, []) }
    const paint = () => {
      const { good, bad } = readColors()
      chart.applyOptions(chartOptions())
      series.applyOptions({ upColor: good, wickUpColor: good, borderUpColor: good })
      series.applyOptions({ downColor: bad, wickDownColor: bad, borderDownColor: bad })
    }
    paint()
    const unwatch = onSchemeChange(paint)
    return () => {
      unwatch()
      drawn.current = undefined
      chart.remove()
    }
  }, [])

  useEffect(() => {
    drawn.current?.series.setData(bars.map((bar) => ({ ...bar, time: bar.time as UTCTimestamp })))
    drawn.current?.chart.timeScale().scrollToRealTime()
  }, [bars])

  useEffect(() => {
    // The chart refuses bars older than its last one; a reload of the stored ones brings those.
    const last = bars.at(-1)
    if (!newest || (last && newest.time < last.time)) return
    drawn.current?.series.update({ ...newest, time: newest.time as UTCTimestamp })
  }, [newest, bars])

  useEffect(() => {
    const isCrowded = signals.length > 20
    drawn.current?.markers.setMarkers(signals.toReversed().map((signal) => marker(signal, isCrowded)))
  }, [signals])

  return <div ref={box} className="chart" role="img" aria-label={label} />
}

/** An arrow; the word beside it only where there is room. */
function marker({ id, time, direction }: Signal, isCrowded: boolean): SeriesMarker<Time> {
  const { good, bad } = readColors()
  const at = (Date.parse(time) / 1000) as UTCTimestamp
  const text = isCrowded ? '' : direction.toUpperCase()
  return direction === 'call'
    ? { id, time: at, position: 'belowBar', shape: 'arrowUp', color: good, text }
    : { id, time: at, position: 'aboveBar', shape: 'arrowDown', color: bad, text }
}
