import type { FieldError } from '../../api/problem.js'
import type { BotConfig, ParamSchema, Preset, StrategyConfig, StrategyInfo } from '../../api/types.js'
import { isDecimal, percentOfShare, shareOfPercent } from '../../money/decimal.js'

/** A configuration as its form holds it: everything typed stays text until it is saved. */
export interface Draft {
  readonly mode: BotConfig['mode']
  readonly onStop: BotConfig['onStop']
  readonly capital: string
  /** "" for UTC. */
  readonly timezone: string
  readonly risk: Texts
  readonly strategies: readonly StrategyDraft[]
}

export interface StrategyDraft
  extends Pick<StrategyConfig, 'id' | 'name' | 'enabled' | 'strategy' | 'timeframe' | 'instrument' | 'source'> {
  readonly params: Texts
  readonly symbols: readonly string[]
  readonly expiryCandles: string
  readonly stake: string
  /** "" for paper. */
  readonly brokerAccountId: string
  readonly martingale: Omit<StrategyConfig['martingale'], 'maxLevel'> & { readonly maxLevel: string }
  /** `minPayout` in per cent. */
  readonly risk: Texts
  /** Undefined: at all hours. */
  readonly tradingHours: StrategyConfig['tradingHours']
  /** "" for none. */
  readonly confirmTimeframe: StrategyConfig['timeframe'] | ''
}

/** Typed values by name; "" for what is not limited. */
export type Texts = Readonly<Record<string, string>>

export function emptyDraft(): Draft {
  return { mode: 'paper', onStop: 'close', capital: '100.00', timezone: localTimezone(), risk: {}, strategies: [] }
}

/** Of whoever looks at the page. */
export function localTimezone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** A new strategy with the defaults of the catalogue's entry. */
export function newStrategy(id: string, info: StrategyInfo, symbol: string | undefined): StrategyDraft {
  return {
    id,
    name: info.name,
    enabled: true,
    strategy: info.id,
    params: defaultParams(info),
    symbols: symbol === undefined ? [] : [symbol],
    source: undefined,
    timeframe: info.timeframe ?? 'M5',
    instrument: 'binary',
    expiryCandles: '1',
    stake: '1.00',
    brokerAccountId: '',
    martingale: { plan: 'none', ladder: 'dual', next: 'signal', multiplier: '2.0', maxLevel: '2' },
    risk: {},
    tradingHours: undefined,
    confirmTimeframe: '',
  }
}

/** What a preset settles of a strategy; the rest stays as it is. */
export function settingsOf({ name, strategy, params, timeframe }: Preset): Partial<StrategyDraft> {
  return { name, strategy, params: texts(params), timeframe }
}

export function defaultParams({ params }: StrategyInfo): Texts {
  return Object.fromEntries(
    Object.entries(params.properties ?? {}).map(([name, schema]) => [name, String(schema.default ?? '')]),
  )
}

export function draftOf(config: BotConfig): Draft {
  return {
    ...config,
    timezone: config.timezone ?? '',
    risk: texts(config.risk),
    strategies: config.strategies.map(strategyDraftOf),
  }
}

export function strategyDraftOf(strategy: StrategyConfig): StrategyDraft {
  const { minPayout } = strategy.risk
  return {
    ...strategy,
    source: strategy.source,
    params: texts(strategy.params),
    expiryCandles: String(strategy.expiryCandles),
    brokerAccountId: strategy.brokerAccountId ?? '',
    martingale: { ...strategy.martingale, maxLevel: String(strategy.martingale.maxLevel) },
    risk: texts({ ...strategy.risk, minPayout: minPayout && (percentOfShare(minPayout) ?? minPayout) }),
    tradingHours: strategy.tradingHours,
    confirmTimeframe: strategy.confirmTimeframe ?? '',
  }
}

/** The configuration a draft means. Numbers that cannot be read become NaN, which `draftErrors` has named before. */
export function configOf(draft: Draft, catalogue: readonly StrategyInfo[]): BotConfig {
  const { mode, onStop, capital, risk } = draft
  const timezone = draft.timezone.trim()
  return {
    mode,
    onStop,
    capital: capital.trim(),
    ...(timezone === '' ? {} : { timezone }),
    risk: { ...amounts(risk, botAmounts), ...numbers(risk, botNumbers) },
    strategies: draft.strategies.map((strategy) => strategyOf(strategy, catalogue)),
  }
}

export const botAmounts = ['maxDailyLoss', 'maxDailyProfit', 'maxExposure'] as const
export const botNumbers = ['stopDrawdownPct', 'targetProfitPct', 'maxTradesPerDay'] as const
export const strategyAmounts = ['maxDailyLoss', 'maxDailyProfit'] as const
export const strategyNumbers = [
  'stopLossPct',
  'takeProfitPct',
  'maxTradesPerDay',
  'cooldownCandles',
  'cooldownAfterLosses',
] as const

/** The same for one strategy. */
export function strategyOf(draft: StrategyDraft, catalogue: readonly StrategyInfo[]): StrategyConfig {
  const { id, name, enabled, strategy, symbols, timeframe, instrument, tradingHours, source } = draft
  const schemas = catalogue.find((info) => info.id === strategy)?.params.properties ?? {}
  const { brokerAccountId, confirmTimeframe } = draft
  const minPayout = (draft.risk.minPayout ?? '').trim()
  return {
    id,
    name: name.trim(),
    enabled,
    strategy,
    params: Object.fromEntries(
      Object.entries(draft.params).flatMap(([key, text]) =>
        text.trim() === '' ? [] : [[key, paramValue(schemas[key], text.trim())]],
      ),
    ),
    symbols: [...symbols],
    ...(source === undefined ? {} : { source }),
    timeframe,
    instrument,
    expiryCandles: Number(draft.expiryCandles),
    stake: draft.stake.trim(),
    ...(brokerAccountId === '' ? {} : { brokerAccountId }),
    martingale: {
      ...draft.martingale,
      multiplier: draft.martingale.multiplier.trim(),
      maxLevel: Number(draft.martingale.maxLevel),
    },
    risk: {
      ...amounts(draft.risk, strategyAmounts),
      ...numbers(draft.risk, strategyNumbers),
      ...(minPayout === '' ? {} : { minPayout: shareOfPercent(minPayout) ?? minPayout }),
    },
    ...(tradingHours === undefined ? {} : { tradingHours }),
    ...(confirmTimeframe === '' ? {} : { confirmTimeframe }),
  }
}

function paramValue(schema: ParamSchema | undefined, text: string): number | string | boolean {
  if (schema?.type === 'string') return text
  if (schema?.type === 'boolean') return text === 'true'
  const value = Number(text)
  return schema === undefined && Number.isNaN(value) ? text : value
}

/** What can be told without asking the server; paths as the server's. The rest (plan, catalogue rules) the server says. */
export function draftErrors(draft: Draft): FieldError[] {
  return [
    ...amountErrors('', { capital: draft.capital }, ['capital']),
    ...timezoneErrors('timezone', draft.timezone.trim() || 'UTC'),
    ...amountErrors('risk.', draft.risk, botAmounts),
    ...numberErrors('risk.', draft.risk, botNumbers),
    ...draft.strategies.flatMap((strategy, index) => strategyErrors(strategy, `strategies.${index}.`)),
  ]
}

/** The same for one strategy; `path` ends in a dot. */
export function strategyErrors(draft: StrategyDraft, path: string): FieldError[] {
  const { name, stake, martingale, symbols, risk, expiryCandles, tradingHours } = draft
  const missing = (at: string, is: boolean, message: string) => (is ? [{ path: `${path}${at}`, message }] : [])
  return [
    ...missing('name', name.trim() === '', 'Give it a name.'),
    ...missing('symbols', symbols.length === 0, 'Choose at least one symbol.'),
    ...amountErrors(path, { stake }, ['stake']),
    ...numberErrors(path, { expiryCandles }, ['expiryCandles']),
    ...missing('expiryCandles', expiryCandles.trim() === '', 'Enter a number.'),
    ...amountErrors(`${path}martingale.`, { multiplier: martingale.multiplier }, ['multiplier']),
    ...numberErrors(`${path}martingale.`, { maxLevel: martingale.maxLevel }, ['maxLevel']),
    ...missing('martingale.maxLevel', martingale.maxLevel.trim() === '', 'Enter a number.'),
    ...amountErrors(`${path}risk.`, risk, strategyAmounts),
    ...amountErrors(`${path}risk.`, risk, ['minPayout'], 'Enter a percentage above zero, such as 85.'),
    ...numberErrors(`${path}risk.`, risk, strategyNumbers),
    ...missing('tradingHours.days', tradingHours?.days.length === 0, 'Choose at least one day.'),
    ...missing('tradingHours.start', tradingHours?.start === '', 'Enter a time.'),
    ...missing('tradingHours.end', tradingHours?.end === '', 'Enter a time.'),
    ...timezoneErrors(`${path}tradingHours.timezone`, tradingHours?.timezone ?? 'UTC'),
  ]
}

const required = new Set(['capital', 'stake', 'multiplier'])

function amountErrors(
  path: string,
  values: Texts,
  names: readonly string[],
  message = 'Enter an amount above zero, such as 1.50.',
): FieldError[] {
  return names.flatMap((name) => {
    const text = (values[name] ?? '').trim()
    if (text === '' && !required.has(name)) return []
    return isDecimal(text) && /[1-9]/.test(text) && !text.startsWith('-') ? [] : [{ path: path + name, message }]
  })
}

function numberErrors(path: string, values: Texts, names: readonly string[]): FieldError[] {
  return names.flatMap((name) => {
    const text = (values[name] ?? '').trim()
    return text === '' || Number.isFinite(Number(text)) ? [] : [{ path: path + name, message: 'Enter a number.' }]
  })
}

function timezoneErrors(path: string, timeZone: string): FieldError[] {
  try {
    new Intl.DateTimeFormat(undefined, { timeZone })
    return []
  } catch {
    return [{ path, message: 'Enter a time zone such as Europe/Madrid.' }]
  }
}

function texts(values: object): Texts {
  return Object.fromEntries(Object.entries(values).flatMap(([k, v]) => (v === undefined ? [] : [[k, String(v)]])))
}

function given(values: Texts, names: readonly string[]): (readonly [string, string])[] {
  return names.flatMap((name) => {
    const text = values[name]?.trim() ?? ''
    return text === '' ? [] : [[name, text] as const]
  })
}

function amounts(values: Texts, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(given(values, names))
}

function numbers(values: Texts, names: readonly string[]): Record<string, number> {
  return Object.fromEntries(given(values, names).map(([name, text]) => [name, Number(text)]))
}
