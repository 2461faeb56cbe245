import type { Histogram as Data } from '../api/reports.js'

interface HistogramProps {
  readonly histogram: Data
  /** A value to draw a line at, where it is within the histogram. */
  readonly mark: { readonly at: number; readonly label: string }
  readonly format: (value: number) => string
}

const height = 120

/** Bars of equal width. The ends of the scale stand below it; the words for a screen reader say the highest bar. */
export function Histogram({ histogram: { from, to, counts }, mark, format }: HistogramProps) {
  const most = Math.max(...counts)
  const all = counts.reduce((sum, count) => sum + count, 0)
  const highest = counts.indexOf(most)
  const edge = (bin: number) => format(from + ((to - from) * bin) / counts.length)
  const where = to > from ? ((mark.at - from) / (to - from)) * counts.length : -1
  const isMarked = where >= 0 && where <= counts.length
  const label = `Most end between ${edge(highest)} and ${edge(highest + 1)}: ${most} of ${all}`
  return (
    <figure className="figure histogram">
      <svg viewBox={`0 0 ${counts.length} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
        {counts.map((count, bin) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a bin is its place
          <g key={bin}>
            <title>{`${edge(bin)} to ${edge(bin + 1)}: ${count}`}</title>
            <rect x={bin + 0.05} width={0.9} y={height - barHeight(count, most)} height={barHeight(count, most)} />
          </g>
        ))}
        {isMarked && <line x1={where} x2={where} y1={0} y2={height} />}
      </svg>
      <div className="rate-scale muted">
        <span>{format(from)}</span>
        {isMarked && (
          <span>
            <span className="rate-key rate-key-needed" /> {mark.label} {format(mark.at)}
          </span>
        )}
        <span>{format(to)}</span>
      </div>
    </figure>
  )
}

/** What happened at all can be seen. */
function barHeight(count: number, most: number): number {
  return count === 0 ? 0 : Math.max(1, (count / most) * height)
}
