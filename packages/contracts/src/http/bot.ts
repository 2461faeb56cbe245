import type { BotConfig as Config } from '@sath/core'
import { z } from 'zod'
import { BotConfig } from '../bot-config.js'
import { Amount, Id, listOf, Time } from './common.js'

const Version = z.int().min(0)
export const SaveConfigBody = z.strictObject({ version: Version, config: BotConfig })
export const ConfigView = z.object({ version: Version, config: (BotConfig as z.ZodType<Config>).nullable() })

export const statusWords = ['stopped', 'starting', 'running', 'stopping', 'error'] as const
export const Condition = z.object({ type: z.string(), reason: z.string(), message: z.string(), since: Time })

export const BotStatus = z
  .object({
    status: z.enum(statusWords),
    desired: z.enum(['running', 'stopped']),
    generation: z.int(),
    observedGeneration: z.int(),
    mode: z.enum(['paper', 'live']),
    hold: z.enum(['admin', 'billing', 'crash-loop', 'credentials']).nullable(),
    holdReason: z.string().nullable(),
    run: z
      .object({
        id: Id,
        epoch: z.int(),
        phase: z.string(),
        engine: z.string(),
        node: z.string(),
        containerId: z.string().nullable(),
        image: z.string().nullable(),
        startedAt: Time.nullable(),
        lastHeartbeatAt: Time.nullable(),
        restarts: z.int(),
        memoryBytes: z.number().nullable(),
        cpuPercent: z.number().nullable(),
        loopLagMs: z.number().nullable(),
      })
      .nullable(),
    conditions: z.array(Condition),
    lastStop: z
      .object({
        runId: Id,
        requestedAt: Time,
        exitedAt: Time,
        exitCode: z.int().nullable(),
        by: z.enum(['user', 'admin', 'system']).nullable(),
        /** Null until the gateway has asked. */
        openOrders: z.int().nullable(),
        positionsClosed: z.int().nullable(),
        positionsKept: z.array(z.object({ tradeId: Id, symbol: z.string(), expiresAt: Time.optional() })),
        /** What could not be proven, in words. */
        problems: z.array(z.string()),
        proven: z.boolean(),
      })
      .nullable(),
  })
  .meta({ id: 'BotStatus' })
export type BotStatus = z.infer<typeof BotStatus>

export const BotEvent = z.object({
  id: z.int(),
  time: Time,
  runId: Id.nullable(),
  type: z.string(),
  message: z.string(),
  fields: z.record(z.string(), z.unknown()),
})

export const AccountBalance = z.object({
  account: z.string(),
  currency: z.string(),
  startBalance: Amount,
  balance: Amount,
  updatedAt: Time,
})
export const Balances = listOf(AccountBalance)
