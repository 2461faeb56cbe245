import type { FieldError } from '../../api/problem.js'
import type { SimulationPreset, StrategyInfo } from '../../api/types.js'
import { isDecimal } from '../../money/decimal.js'
import { share } from '../../money/share.js'
import type { Span } from '../jobs/span.js'
import { type StrategyDraft, strategyErrors, strategyOf } from '../setup/draft.js'

export type Plan = 'FLAT' | 'X2' | 'BE' | 'TP'

/** A simulation as its form holds it: everything typed stays text until it is sent. Rates are in per cent. */
export interface SimulationDraft extends Span {
  /** "" for none. */
  readonly preset: string
  readonly plan: Plan
  readonly ladder: 'single' | 'dual'
  readonly capital: string
  readonly stake: string
  /** What the stake is: an amount, or per cent of the balance. */
  readonly stakeIn: 'amount' | 'percent'
  readonly payout: string
  readonly gales: string
  /** Which of the two says how long a scenario is. */
  readonly lengthIn: 'cycles' | 'trades'
  readonly cycles: string
  readonly trades: string
  /** "": none. */
  readonly stopLoss: string
  readonly takeProfit: string
  readonly minStake: string
  readonly maxStake: string
  readonly rounding: 'none' | 'cents'
  /** Whether the win rate is put in or measured by a back-test. */
  readonly rate: 'given' | 'measured'
  readonly winRate: string
  readonly tieRate: string
  readonly scenarios: string
  /** "": any. */
  readonly seed: string
  readonly exact: boolean
  /** What is measured: strategy, parameters, first symbol with its source, and timeframe. */
  readonly measured: StrategyDraft
}

const unbounded = { stopLoss: '', takeProfit: '', minStake: '', maxStake: '', rounding: 'none' } as const

export function firstSimulation(measured: StrategyDraft): SimulationDraft {
  return {
    preset: '',
    plan: 'BE',
    ladder: 'single',
    capital: '1000',
    stake: '10',
    stakeIn: 'amount',
    payout: '85',
    gales: '2',
    lengthIn: 'cycles',
    cycles: '100',
    trades: '200',
    ...unbounded,
    rate: 'measured',
    winRate: '50',
    tieRate: '',
    scenarios: '10000',
    seed: '',
    exact: true,
    measured,
    from: undefined,
    to: undefined,
  }
}

/** What a preset puts in; the rest stays as it is. */
export function putIn({ id, input }: SimulationPreset): Partial<SimulationDraft> {
  const { plan, ladder, capital, stake, payout, winRate, tieRate, maxGales, cycles, trades, rounding } = input
  const fraction = typeof stake === 'object' && stake !== null ? (stake as { fraction?: unknown }).fraction : undefined
  return {
    preset: id,
    plan: plan as Plan,
    ladder: ladder === 'dual' ? 'dual' : 'single',
    capital: String(capital),
    ...(fraction === undefined
      ? { stake: String(stake), stakeIn: 'amount' as const }
      : { stake: inPercent(fraction), stakeIn: 'percent' as const }),
    payout: inPercent(payout),
    gales: String(maxGales),
    ...(trades === undefined
      ? { lengthIn: 'cycles' as const, cycles: String(cycles) }
      : { lengthIn: 'trades' as const, trades: String(trades) }),
    ...unbounded,
    ...Object.fromEntries(bounds.flatMap((name) => (input[name] === undefined ? [] : [[name, String(input[name])]]))),
    rounding: rounding === 'cents' ? 'cents' : 'none',
    rate: 'given',
    winRate: inPercent(winRate),
    tieRate: inPercent(tieRate),
  }
}

/** Amounts that may be left out. */
const bounds = ['stopLoss', 'takeProfit', 'minStake', 'maxStake'] as const

/** What can be told without asking; paths are those of the call's body. */
export function simulationErrors(draft: SimulationDraft): FieldError[] {
  const { capital, stake, payout, gales, lengthIn, winRate, tieRate, scenarios, seed, rate, measured } = draft
  const amounts = { capital, stake, payout, ...givenBounds(draft) }
  const counts = { gales, [lengthIn]: draft[lengthIn], scenarios, ...(seed.trim() === '' ? {} : { seed }) }
  const rates = { ...(rate === 'given' && { winRate }), ...(tieRate.trim() !== '' && { tieRate }) }
  return [
    ...faulty(amounts, (text) => isDecimal(text) && Number(text) > 0, 'Enter a number above zero, such as 20.'),
    ...faulty(counts, (text) => /^\d+$/.test(text), 'Enter a whole number.'),
    ...faulty(rates, (text) => isDecimal(text) && Number(text) >= 0 && Number(text) <= 100, 'Enter 0 to 100.'),
    ...(rate === 'measured'
      ? strategyErrors(measured, '').flatMap(({ path, message }) =>
          path === 'symbols' ? [{ path: 'symbol', message }] : path.startsWith('params') ? [{ path, message }] : [],
        )
      : []),
  ]
}

/**
 * The body of the call. Only for a draft without errors. A win rate that is still the preset's is left to the preset: the
 * answer then says where it is from.
 */
export function simulationBody(
  draft: SimulationDraft,
  catalogue: readonly StrategyInfo[],
  presets: readonly SimulationPreset[],
): Record<string, unknown> {
  const { preset: id, plan, ladder, stake, stakeIn, lengthIn, rounding, seed, exact, rate, winRate, from, to } = draft
  const preset = presets.find((one) => one.id === id)
  const isPresets = preset !== undefined && putIn(preset).winRate === winRate
  const { strategy, params, symbols, source, timeframe } = strategyOf(draft.measured, catalogue)
  return {
    ...(preset && { preset: preset.id }),
    plan,
    ladder,
    capital: Number(draft.capital),
    stake: stakeIn === 'amount' ? Number(stake) : { fraction: share(stake) },
    payout: share(draft.payout),
    gales: Number(draft.gales),
    [lengthIn]: Number(draft[lengthIn]),
    ...Object.fromEntries(Object.entries(givenBounds(draft)).map(([name, text]) => [name, Number(text)])),
    rounding,
    ...(draft.tieRate.trim() === '' ? {} : { tieRate: share(draft.tieRate) }),
    scenarios: Number(draft.scenarios),
    ...(seed.trim() === '' ? {} : { seed: Number(seed) }),
    exact,
    ...(rate === 'measured' && { strategy, params, symbol: symbols[0], timeframe }),
    ...(rate === 'measured' && { ...(source && { source }), ...(from && { from }), ...(to && { to }) }),
    ...(rate === 'given' && !isPresets && { winRate: share(winRate) }),
  }
}

function givenBounds(draft: SimulationDraft): Readonly<Record<string, string>> {
  return Object.fromEntries(bounds.flatMap((name) => (draft[name].trim() === '' ? [] : [[name, draft[name]]])))
}

/** At most four digits after the point, for reading. */
function inPercent(value: unknown): string {
  return String(Number((Number(value) * 100).toFixed(4)))
}

function faulty(
  texts: Readonly<Record<string, string>>,
  isFine: (text: string) => boolean,
  message: string,
): FieldError[] {
  return Object.entries(texts).flatMap(([path, text]) => (isFine(text.trim()) ? [] : [{ path, message }]))
}
