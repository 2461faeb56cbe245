import { createHash, type Hash } from 'node:crypto'
import { money, type Outcome } from '@sath/core'
import type { Decided } from './decide.js'

/** A fingerprint of what a bot decided, whoever it is of: two runs that decided the same have the same. */
export interface DecisionHash {
  /** Takes in a decision; those of one strategy and symbol in the order in which they were made. */
  add(decided: DecisionContent): void
  /** Takes in decisions without a signal that ended the same, as they are kept. However they are cut, the hash is the same. */
  addRange(range: DecisionRange): void
  /** SHA-256 in hex over everything added so far. */
  digest(): string
}

/** Versions of the configuration are none of it: what they decide is. */
export type DecisionContent = Pick<
  Decided,
  'strategyId' | 'symbol' | 'candleTime' | 'outcome' | 'reason' | 'signal' | 'intent'
>

/** Neighbours of one strategy and symbol. */
export interface DecisionRange extends Pick<Decided, 'strategyId' | 'symbol' | 'outcome' | 'reason'> {
  /** Open times of the first and the last candle, epoch ms. */
  readonly from: number
  readonly to: number
  /** Candles decided on, both included; a gap in the market has none. */
  readonly candles: number
}

/** Hashing many short texts costs more than joining them. */
const chunkLength = 16_384

/** One strategy on one symbol. Neighbours without a signal that end the same are one range, as they are where they are kept. */
interface Slot {
  readonly hash: Hash
  text: string
  /** Decisions of the range that is not in `text` yet. */
  count: number
  from: number
  to: number
  outcome: Outcome
  reason: string
}

export function createDecisionHash(): DecisionHash {
  const slots = new Map<string, Map<string, Slot>>()

  function slotOf(strategyId: string, symbol: string): Slot {
    const known = slots.get(strategyId)?.get(symbol)
    if (known) return known
    const empty = { text: '', count: 0, from: 0, to: 0, outcome: 'no-signal', reason: '' } as const
    const slot: Slot = { hash: createHash('sha256'), ...empty }
    slots.set(strategyId, (slots.get(strategyId) ?? new Map<string, Slot>()).set(symbol, slot))
    return slot
  }

  return {
    add(decided) {
      const { strategyId, symbol, candleTime, outcome, reason } = decided
      const slot = slotOf(strategyId, symbol)
      if (decided.signal || decided.intent) write(slot, textOf(decided))
      else prolong(slot, outcome, reason, candleTime, candleTime, 1)
    },
    addRange({ strategyId, symbol, outcome, reason, from, to, candles }) {
      prolong(slotOf(strategyId, symbol), outcome, reason, from, to, candles)
    },
    digest() {
      const whole = createHash('sha256')
      for (const [strategyId, symbols] of [...slots].sort(byName)) {
        for (const [symbol, slot] of [...symbols].sort(byName)) {
          whole.update(`${strategyId} ${symbol} `).update(
            slot.hash
              .copy()
              .update(slot.text + rangeText(slot))
              .digest(),
          )
        }
      }
      return whole.digest('hex')
    },
  }
}

function prolong(slot: Slot, outcome: Outcome, reason: string, from: number, to: number, candles: number): void {
  if (slot.count === 0 || slot.outcome !== outcome || slot.reason !== reason) {
    write(slot, '')
    slot.from = from
    slot.outcome = outcome
    slot.reason = reason
  }
  slot.to = to
  slot.count += candles
}

/** Ends the range and writes what follows it. */
function write(slot: Slot, text: string): void {
  slot.text += rangeText(slot) + text
  slot.count = 0
  if (slot.text.length < chunkLength) return
  slot.hash.update(slot.text)
  slot.text = ''
}

function rangeText({ count, from, to, outcome, reason }: Slot): string {
  return count === 0 ? '' : `${from} ${to} ${count} ${outcome} ${measured(reason)}\n`
}

/** Another text for every other decision, but the same for 10 and 10.00: names hold no spaces, and free text tells its length. */
function textOf({ candleTime, outcome, reason, signal, intent }: DecisionContent): string {
  const seen = signal ? `${signal.direction} ${signal.confidence} ${measured(signal.reason)}` : '-'
  const wanted = intent
    ? `${intent.direction} ${money.add(intent.stake, '0')} ${intent.level} ${intent.confidence} ${measured(intent.reason)}`
    : '-'
  return `${candleTime} ${outcome} ${measured(reason)} ${seen} ${wanted}\n`
}

function measured(text: string): string {
  return `${text.length} ${text}`
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1
}
