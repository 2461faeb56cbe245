import type { FieldError } from '../../api/problem.js'
import { share } from '../../money/share.js'

/** What to try of one parameter; all texts, empty: it stays as it is. */
export interface RangeDraft {
  readonly from: string
  readonly to: string
  readonly step: string
}

/** A search over parameters as its form holds it. */
export interface SearchDraft {
  readonly kind: 'grid' | 'random'
  readonly ranges: Readonly<Record<string, RangeDraft>>
  readonly variants: string
  readonly windows: string
  /** Per cent of a window. */
  readonly trainShare: string
  readonly score: 'mean-return' | 'win-rate' | 'profit'
  readonly minTrades: string
  /** "": any. */
  readonly seed: string
}

export const emptyRange: RangeDraft = { from: '', to: '', step: '' }
export const firstSearch: SearchDraft = {
  kind: 'grid',
  ranges: {},
  variants: '100',
  windows: '4',
  trainShare: '70',
  score: 'mean-return',
  minTrades: '30',
  seed: '',
}

/** What can be told without asking; paths are those of the call's body. `params`: those the strategy has. */
export function searchErrors(
  { ranges, variants, windows, trainShare, minTrades, seed }: SearchDraft,
  params: readonly string[],
): FieldError[] {
  const named = rangesOf(ranges, params)
  const [first] = params
  return [
    ...(named.length === 0 && first ? [fault(`ranges.${first}`, 'Say for one parameter at least what to try.')] : []),
    ...named.flatMap(([name, { from, to, step }]) =>
      isNumber(from) && isNumber(to) && (step.trim() === '' || Number(step) > 0) && Number(from) <= Number(to)
        ? []
        : [fault(`ranges.${name}`, 'Enter numbers that go upwards, such as 10 to 20.')],
    ),
    ...(isNumber(trainShare) ? [] : [fault('trainShare', 'Enter a percentage, such as 70.')]),
    ...Object.entries({ variants, windows, minTrades, ...(seed.trim() && { seed }) }).flatMap(([path, text]) =>
      /^\d+$/.test(text.trim()) ? [] : [fault(path, 'Enter a whole number.')],
    ),
  ]
}

/** Only for a draft without errors. */
export function searchBody(search: SearchDraft, params: readonly string[]) {
  const { kind, score, seed } = search
  const named = rangesOf(search.ranges, params).map(([name, { from, to, step }]) => {
    const range = { from: Number(from), to: Number(to), ...(step.trim() && { step: Number(step) }) }
    return [name, range] as const
  })
  return {
    search: kind,
    ranges: Object.fromEntries(named),
    variants: Number(search.variants),
    windows: Number(search.windows),
    trainShare: share(search.trainShare),
    score,
    minTrades: Number(search.minTrades),
    ...(seed.trim() && { seed: Number(seed) }),
  }
}

/** Those in which something was said. */
function rangesOf(ranges: SearchDraft['ranges'], params: readonly string[]): [string, RangeDraft][] {
  return Object.entries(ranges).filter(
    ([name, range]) => params.includes(name) && Object.values(range).some((text: string) => text.trim() !== ''),
  )
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text))
}

function fault(path: string, message: string): FieldError {
  return { path: `optimise.${path}`, message }
}
