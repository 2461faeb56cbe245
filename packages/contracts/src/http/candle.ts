import { type Candle, money } from '@sath/core'
import { z } from 'zod'

/** `time` is the open time, epoch ms. Prices and volume are decimal strings, as everywhere in the contract. */
export const CandleView = z.object({
  time: z.int(),
  open: z.string(),
  high: z.string(),
  low: z.string(),
  close: z.string(),
  volume: z.string(),
  closed: z.boolean(),
})

/** A candle as clients get it, from a call or from the stream; `closed: false` while it is forming. */
export function candleView({
  time,
  closed,
  ...bar
}: Candle & { readonly closed: boolean }): z.infer<typeof CandleView> {
  return {
    time,
    open: money.fromFloat(bar.open),
    high: money.fromFloat(bar.high),
    low: money.fromFloat(bar.low),
    close: money.fromFloat(bar.close),
    volume: money.fromFloat(bar.volume),
    closed,
  }
}
