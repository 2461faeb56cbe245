import { createHash } from 'node:crypto'
import type { Decided } from './decide.js'

/** A fingerprint of what a bot decided, whoever it is of: two runs that decided the same have the same. */
export interface DecisionHash {
  /** Takes in the next decision, in the order in which they were made. */
  add(decided: DecisionContent): void
  /** SHA-256 in hex over everything added so far. */
  digest(): string
}

/** Versions of the configuration are none of it: what they decide is. */
export type DecisionContent = Pick<
  Decided,
  'strategyId' | 'symbol' | 'candleTime' | 'outcome' | 'reason' | 'signal' | 'intent'
>

/** Hashing many short texts costs more than their joining. */
const chunkLength = 16_384

export function createDecisionHash(): DecisionHash {
  const hash = createHash('sha256')
  let chunk = ''
  return {
    add(decided) {
      chunk += textOf(decided)
      if (chunk.length < chunkLength) return
      hash.update(chunk)
      chunk = ''
    },
    digest: () => hash.copy().update(chunk).digest('hex'),
  }
}

/** One text per decision, another for every other one: names hold no spaces, and free text tells its length. */
function textOf({ strategyId, symbol, candleTime, outcome, reason, signal, intent }: DecisionContent): string {
  const head = `${strategyId} ${symbol} ${candleTime} ${outcome} ${reason.length} ${reason}`
  if (!signal && !intent) return `${head}\n`
  const seen = signal ? `${signal.direction} ${signal.confidence} ${signal.reason.length} ${signal.reason}` : '-'
  const wanted = intent
    ? `${intent.direction} ${intent.stake} ${intent.level} ${intent.confidence} ${intent.reason.length} ${intent.reason}`
    : '-'
  return `${head} ${seen} ${wanted}\n`
}
