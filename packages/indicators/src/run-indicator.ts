import { AppError, type Candle, type FieldError } from '@sath/core'
import { type Indicator, type IndicatorParam, type IndicatorRow, indicators } from './indicators.js'
import { checkCandle, refusal } from './refusals.js'

/** What to run: an id of `indicators` and values of its parameters; what is left out takes its default. */
export interface IndicatorChoice {
  readonly id: string
  readonly params?: Readonly<Record<string, unknown>> | undefined
}

/** A running indicator: its columns, and what it says about each candle, oldest first. */
export interface RunningIndicator {
  readonly columns: readonly string[]
  /**
   * A gap before a candle changes nothing: an indicator counts candles, not time.
   *
   * @throws AppError invalid-request, naming the field, when the candle is not later than the one before it, or when a price
   * is not a finite number or lies outside its candle; then the candle has left no trace
   */
  next(candle: Candle): IndicatorRow
}

/** @throws AppError invalid-request, naming each fault, for an unknown id or parameters out of their range */
export function runIndicator({ id, params = {} }: IndicatorChoice): RunningIndicator {
  const indicator = Object.hasOwn(indicators, id) ? indicators[id] : undefined
  if (!indicator) {
    throw refusal('id', `must be one of ${Object.keys(indicators).join(', ')}, not ${JSON.stringify(id)}`)
  }
  const errors = faults(indicator, params)
  if (errors.length > 0) {
    throw new AppError('invalid-request', errors.map(({ path, message }) => `${path} ${message}`).join('; '), {
      errors,
    })
  }
  const fold = indicator.start(withDefaults(indicator, params))
  let last = Number.NEGATIVE_INFINITY
  return {
    columns: indicator.columns,
    next(candle) {
      if (!(candle.time > last)) throw refusal('time', `must be later than ${last}, not ${candle.time}`)
      checkCandle(candle)
      const row = fold(candle)
      last = candle.time
      return row
    },
  }
}

function faults(indicator: Indicator, given: Readonly<Record<string, unknown>>): FieldError[] {
  const { params: specs } = indicator
  const errors = Object.entries(given).flatMap(([path, value]) => {
    const spec = Object.hasOwn(specs, path) ? specs[path] : undefined
    if (!spec) return [{ path, message: `is unknown; known are ${Object.keys(specs).join(', ')}` }]
    return fits(spec, value) ? [] : [{ path, message: `must be ${inWords(spec)}` }]
  })
  return errors.length > 0 ? errors : (indicator.check?.(withDefaults(indicator, given)) ?? [])
}

function fits({ type, min, max }: IndicatorParam, value: unknown): boolean {
  if (typeof value !== 'number' || !(value >= min && value <= max)) return false
  return type === 'number' || Number.isInteger(value)
}

function inWords({ type, min, max }: IndicatorParam): string {
  return `${type === 'integer' ? 'a whole number' : 'a number'} from ${min} to ${max}`
}

function withDefaults({ params }: Indicator, given: Readonly<Record<string, unknown>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(params).map(([name, spec]) => {
      const value = given[name]
      return [name, typeof value === 'number' ? value : spec.default]
    }),
  )
}
