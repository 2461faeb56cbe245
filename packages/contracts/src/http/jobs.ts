import { type Decimal, isDecimal, money } from '@sath/core'
import { z } from 'zod'
import { Id, pageQuery, QueryTime, Time, timeWords } from './common.js'

export const SymbolName = z.string().regex(/^[A-Z0-9._-]{2,20}$/, 'must be a symbol such as BTCUSDT')
export const Source = z.string().regex(/^[a-z0-9-]{2,20}$/, 'must be a source such as binance')
/** Values of a strategy's parameters, by name. */
export const StrategyParams = z.record(z.string().max(40), z.union([z.number(), z.string().max(100), z.boolean()]))

/** An instant as in a query, or epoch ms as a number. Read as a Date. */
export const BodyTime = z.union([z.int().transform(String), z.string()], { error: timeWords }).pipe(QueryTime)

/** A number, given as such or as decimal text; read as a number. Bounds are inclusive. */
export function numberFrom(min: number, max: number) {
  const words = `must be a number from ${min} to ${max}`
  return z
    .union([z.number(), z.string().max(40).refine(isDecimal, { error: words, abort: true }).transform(Number)], {
      error: words,
    })
    .refine((value) => value >= min && value <= max, words)
}

/** Money or a rate, given as decimal text or as a number; read as decimal text. Bounds are inclusive. */
export function decimalFrom(min: number, max: number) {
  const words = `must be a decimal from ${min} to ${max}, such as "${decimalText(Math.min(max, Math.max(min, 1)))}"`
  return z
    .union([z.string().max(40).refine(isDecimal, { error: words, abort: true }), z.number().transform(decimalText)], {
      error: words,
    })
    .refine((text) => isDecimal(text) && Number(text) >= min && Number(text) <= max, words)
}

function decimalText(value: number): Decimal {
  return Number.isFinite(value) ? money.fromFloat(value) : String(value)
}

export const jobStatuses = ['queued', 'running', 'done', 'failed', 'cancelled'] as const

/** What every job answers. The report comes with the status `done`, the error with `failed`. */
export const jobFields = {
  id: Id,
  status: z.enum(jobStatuses),
  /** 0…1 */
  progress: z.number(),
  /** In words for the user. */
  error: z.string().nullable(),
  createdAt: Time,
  finishedAt: Time.nullable(),
}

/** In a list reports come without their long series (curves, histograms); the single job has all of it. */
export const JobsQuery = z.strictObject({ ...pageQuery, status: z.enum(jobStatuses).optional() })
