import type { Clock } from '@sath/core'
import { type Db, readSymbols, readyPrograms, type StoredSymbol } from '@sath/db'

/** Where this installation's candles come from, as its gateway says. */
export interface MarketSource {
  /** Undefined: no gateway has said so yet. */
  readonly source: string | undefined
  readonly synthetic: boolean
  /** What the feed offers, as far as it says. */
  readonly offered: readonly string[]
}

export interface MarketSymbol {
  readonly symbol: string
  readonly source: string
  readonly synthetic: boolean
  readonly lastCandleAt: string | null
}

const believeMs = 5_000

/** Asks the database at most every five seconds; everybody shares the answer. */
export function marketSource(db: Db, now: Clock) {
  const facts = remember(now, async () => sourceOf(await readyPrograms(db)))
  const stored = remember(now, () => readSymbols(db))
  return {
    current: facts,
    /** What has candles, and what the feed offers besides. */
    async symbols(): Promise<readonly MarketSymbol[]> {
      return mergeSymbols(await stored(), await facts())
    },
  }
}
export type Market = ReturnType<typeof marketSource>

function sourceOf(programs: Awaited<ReturnType<typeof readyPrograms>>): MarketSource {
  const feed = programs.find(({ name }) => name === 'gateway')?.facts.feed
  const { source, synthetic, symbols } = (typeof feed === 'object' && feed !== null ? feed : {}) as Record<
    string,
    unknown
  >
  return {
    source: typeof source === 'string' ? source : undefined,
    synthetic: synthetic === true,
    offered: Array.isArray(symbols) ? symbols.filter((symbol) => typeof symbol === 'string') : [],
  }
}

/** Pure. */
export function mergeSymbols(
  stored: readonly StoredSymbol[],
  { source, synthetic, offered }: MarketSource,
): MarketSymbol[] {
  const isSynthetic = (name: string) => name === 'synthetic' || (synthetic && name === source)
  const known = stored.map((row) => ({ ...row, synthetic: isSynthetic(row.source) }))
  if (source === undefined) return known
  const fresh = offered.filter((symbol) => !stored.some((row) => row.source === source && row.symbol === symbol))
  return [...known, ...fresh.map((symbol) => ({ symbol, source, synthetic, lastCandleAt: null }))]
}

function remember<T>(now: Clock, ask: () => Promise<T>): () => Promise<T> {
  let until = 0
  let answer: Promise<T> | undefined
  return () => {
    if (!answer || now() >= until) {
      until = now() + believeMs
      const asked = ask()
      asked.catch(() => {
        if (answer === asked) answer = undefined
      })
      answer = asked
    }
    return answer
  }
}
