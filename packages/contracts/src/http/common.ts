import { isDecimal } from '@sath/core'
import { z } from 'zod'

/** Every refusal, as `application/problem+json` (RFC 9457). `code` is stable; `detail` is for people. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof Problem>

export const Id = z.guid()
/** ISO 8601 UTC. */
export const Time = z.iso.datetime()
/** A decimal as text, of any sign. */
export const Amount = z.string().refine(isDecimal, 'must be a decimal such as "-1.50"')
export const Empty = z.undefined()
/** POST without anything to say: no body, or an empty object. */
export const NoBody = z.strictObject({}).nullish()

export const IdParams = z.strictObject({ id: Id })

/** What is told of an instant that cannot be read. */
export const timeWords = 'must be an ISO 8601 time, a date or epoch ms, from 1970 to 9999'
const firstTime = 0
const endOfTime = Date.UTC(10_000, 0, 1)

/** In a query: ISO 8601 with a zone, a date (its begin in UTC), or epoch ms. From 1970 to 9999. Read as a Date. */
export const QueryTime = z
  .string()
  .max(40)
  .meta({ description: 'ISO 8601 time, date, or epoch ms', example: '2024-12-01T00:00:00Z' })
  .transform((text, context) => {
    const time = /^\d{1,15}$/.test(text) ? Number(text) : isoTime(text)
    if (time >= firstTime && time < endOfTime) return new Date(time)
    context.addIssue({ code: 'custom', message: timeWords })
    return z.NEVER
  })

function isoTime(text: string): number {
  return z.union([z.iso.datetime({ offset: true }), z.iso.date()]).safeParse(text).success
    ? Date.parse(text)
    : Number.NaN
}

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().min(1).max(500).optional(),
}
export const PageQuery = z.strictObject(pageQuery)
/** Of a list that is short by nature: all of it unless somebody wants less. */
export const ShortListQuery = z.strictObject({ ...pageQuery, limit: pageQuery.limit.default(100) })
export const rangeQuery = { from: QueryTime.optional(), to: QueryTime.optional() }

/** A list, newest first. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item).readonly(), nextCursor: z.string().nullable() })
}
