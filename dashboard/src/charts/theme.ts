import { type ChartOptions, ColorType, type DeepPartial, type Time } from 'lightweight-charts'

const names = ['text', 'muted', 'line', 'surface', 'accent', 'good', 'bad', 'info'] as const

/** The page's colours as the canvas needs them: resolved, for the scheme in force now. */
export function readColors(): Readonly<Record<(typeof names)[number], string>> {
  const probe = document.createElement('span')
  document.body.append(probe)
  const colors = Object.fromEntries(
    names.map((name) => {
      probe.style.color = `var(--${name})`
      return [name, getComputedStyle(probe).color]
    }),
  )
  probe.remove()
  return colors as Record<(typeof names)[number], string>
}

/** Look and times of every chart: the reader's locale and time zone, no animation of its own. */
export function chartOptions(): DeepPartial<ChartOptions> {
  const { text, line, surface } = readColors()
  return {
    autoSize: true,
    layout: {
      background: { type: ColorType.Solid, color: surface },
      textColor: text,
      fontFamily: getComputedStyle(document.body).fontFamily,
    },
    grid: { vertLines: { color: line }, horzLines: { color: line } },
    rightPriceScale: { borderColor: line },
    timeScale: { borderColor: line, timeVisible: true, tickMarkFormatter: tick, tickMarkMaxCharacterLength: 16 },
    localization: { timeFormatter: (time: Time) => longTime.format(Number(time) * 1000) },
  }
}

const longTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const clockTime = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })
const dayTime = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
})

/** `kind` 0 to 2 begin a year, a month or a day in UTC, which is some hour of the reader's day; the rest are times of a day. */
function tick(time: Time, kind: number): string {
  return (kind <= 2 ? dayTime : clockTime).format(Number(time) * 1000)
}

/** Calls back when the reader's device changes between light and dark. */
export function onSchemeChange(listener: () => void): () => void {
  const query = matchMedia('(prefers-color-scheme: dark)')
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}
