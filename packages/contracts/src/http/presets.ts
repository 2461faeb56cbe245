import { timeframes } from '@sath/core'
import { z } from 'zod'
import { Time } from './common.js'
import { StrategyParams } from './jobs.js'

/** A strategy with settings, to save under a name of its own. */
export const PresetBody = z.strictObject({
  name: z.string().trim().min(1).max(60),
  summary: z.string().trim().max(500).optional(),
  strategy: z.string().min(1).max(40),
  params: StrategyParams,
  timeframe: z.enum(timeframes),
})

/** Built-in ones are the same for everybody and cannot be changed; `id` of one's own is a UUID. */
export const Preset = z
  .object({
    id: z.string(),
    name: z.string(),
    summary: z.string(),
    builtIn: z.boolean(),
    strategy: z.string(),
    params: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
    timeframe: z.enum(timeframes),
    /** Null: built in. */
    createdAt: Time.nullable(),
    updatedAt: Time.nullable(),
  })
  .meta({ id: 'Preset' })
