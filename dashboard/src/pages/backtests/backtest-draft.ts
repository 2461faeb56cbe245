import type { FieldError } from '../../api/problem.js'
import type { StrategyInfo } from '../../api/types.js'
import { isDecimal, shareOfPercent } from '../../money/decimal.js'
import type { Span } from '../jobs/span.js'
import { type StrategyDraft, strategyErrors, strategyOf } from '../setup/draft.js'
import { type SearchDraft, searchBody, searchErrors } from './search-draft.js'

/** A back-test as its form holds it: everything typed stays text until it is sent. */
export interface BacktestDraft extends Span {
  /** One strategy by itself, or the bot as it is set up. */
  readonly what: 'strategy' | 'bot'
  readonly strategy: StrategyDraft
  readonly capital: string
  /** Per cent of the stake. */
  readonly payout: string
  /** Per cent of the price. */
  readonly spread: string
  /** Undefined: only the parameters as they are. */
  readonly search: SearchDraft | undefined
}

export function firstBacktest(strategy: StrategyDraft): BacktestDraft {
  return {
    what: 'strategy',
    strategy,
    capital: '1000.00',
    payout: '85',
    spread: '0',
    from: undefined,
    to: undefined,
    search: undefined,
  }
}

/** What can be told without asking; paths are those of the call's body. */
export function backtestErrors({ what, strategy, capital, payout, spread, search }: BacktestDraft): FieldError[] {
  const amount = 'Enter an amount above zero, such as 1.50.'
  return [
    ...wrong('payout', isAbove(payout, 0), 'Enter a percentage above zero, such as 85.'),
    ...wrong('spread', isDecimal(spread.trim()) && Number(spread) >= 0, 'Enter a percentage, such as 0.02, or 0.'),
    ...(what === 'bot'
      ? []
      : [
          ...wrong('capital', isAbove(capital, 0), amount),
          ...strategyErrors(strategy, '').filter(({ path }) => path !== 'name'),
          ...(search ? searchErrors(search, Object.keys(strategy.params)) : []),
        ]),
  ]
}

/** The body of the call. Only for a draft without errors. */
export function backtestBody(draft: BacktestDraft, catalogue: readonly StrategyInfo[]): Record<string, unknown> {
  const { what, capital, from, to, search } = draft
  const terms = {
    payout: shareOfPercent(draft.payout.trim()),
    spread: shareOfPercent(draft.spread.trim()),
    ...(from && { from }),
    ...(to && { to }),
  }
  if (what === 'bot') return terms
  // Name, account and hours are a bot's.
  const { id, name, enabled, source, brokerAccountId, tradingHours, ...strategy } = strategyOf(
    draft.strategy,
    catalogue,
  )
  const searched = search && { optimise: searchBody(search, Object.keys(draft.strategy.params)) }
  return { ...strategy, ...(source && { source }), capital: capital.trim(), ...terms, ...searched }
}

function isAbove(text: string, least: number): boolean {
  return isDecimal(text.trim()) && Number(text) > least
}

function wrong(path: string, isFine: boolean, message: string): FieldError[] {
  return isFine ? [] : [{ path, message }]
}
