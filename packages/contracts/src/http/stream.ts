import { timeframes } from '@sath/core'
import { z } from 'zod'

/** The first message on a stream: an access token, or an API token. */
export const StreamHello = z.strictObject({ accessToken: z.string().max(4000) })

/** `logs`, `bot`, `signals` and `trades` are the caller's own; candles belong to everybody. */
export const StreamTopic = z
  .string()
  .regex(
    new RegExp(`^(logs|bot|signals|trades|candles:[A-Z0-9._-]{2,20}:(${timeframes.join('|')}))$`),
    'must be logs, bot, signals, trades or candles:<symbol>:<timeframe>',
  )
export const StreamCommand = z.union([
  z.strictObject({ subscribe: z.array(StreamTopic).max(50) }),
  z.strictObject({ unsubscribe: z.array(StreamTopic).max(50) }),
])

/** Why a stream was closed by us. */
export const streamCloseCodes = {
  /** No access token came in time. */
  authTimeout: 4408,
  /** The token is not valid, has expired, or the session or account has ended. */
  unauthenticated: 4401,
  /** A message that is not one of ours, or too many of them. */
  badMessage: 4400,
  /** Too many streams of one user. */
  tooMany: 4429,
} as const
