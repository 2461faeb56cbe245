import { AreaSeries, createChart, type UTCTimestamp } from 'lightweight-charts'
import { useEffect, useRef } from 'react'
import { bytes, number } from '../parts/format.js'
import { chartOptions, onSchemeChange, readColors } from './theme.js'

interface AreaChartProps {
  /** Oldest first, epoch ms. */
  readonly points: readonly (readonly [timeMs: number, value: number])[]
  readonly unit: string
  readonly label: string
  /** Small unless asked for. */
  readonly size?: 'small' | 'large'
}

export function AreaChart({ points, unit, label, size = 'small' }: AreaChartProps) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!box.current) return undefined
    const chart = createChart(box.current, chartOptions())
    const series = chart.addSeries(AreaSeries, { lineWidth: 2, priceLineVisible: false })
    const paint = () => {
      const { accent } = readColors()
      chart.applyOptions(chartOptions())
      chart.applyOptions({ grid: { vertLines: { visible: false } }, handleScroll: false, handleScale: false })
      series.applyOptions({
        lineColor: accent,
        topColor: accent.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.3)'),
        bottomColor: accent.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.03)'),
        priceFormat: { type: 'custom', minMove: 0.01, formatter: (value: number) => valueText(value, unit) },
      })
    }
    paint()
    series.setData(points.map(([time, value]) => ({ time: Math.floor(time / 1000) as UTCTimestamp, value })))
    chart.timeScale().fitContent()
    const unwatch = onSchemeChange(paint)
    return () => {
      unwatch()
      chart.remove()
    }
  }, [points, unit])
  const last = points.at(-1)
  return (
    <div
      ref={box}
      className={`chart-${size}`}
      role="img"
      aria-label={last ? `${label}: now ${valueText(last[1], unit)}` : label}
    />
  )
}

function valueText(value: number, unit: string): string {
  if (unit === 'bytes') return bytes(value)
  return unit === 'percent' ? `${number(value)} %` : `${number(value, 2)} ${unit}`
}
