import type { http } from '@sath/contracts'

/** What the API answers, as the contract's schemas say it. Types only: no schema reaches the browser. */

export type SavedConfig = (typeof http.ConfigView)['_output']
export type BotConfig = NonNullable<SavedConfig['config']>
export type StrategyConfig = BotConfig['strategies'][number]
export type Timeframe = StrategyConfig['timeframe']

export type SignIn = (typeof http.Session)['_output']
export type User = SignIn['user']
export type Profile = (typeof http.Profile)['_output']
export type ApiToken = (typeof http.ApiToken)['_output']
export type TokenScope = ApiToken['scope']
export type NewApiToken = (typeof http.NewApiToken)['_output']
export type CreatedApiToken = (typeof http.CreatedApiToken)['_output']
export type Mail = (typeof http.OutboxView)['_output']['items'][number]
export type Plan = (typeof http.Plan)['_output']
export type Subscription = (typeof http.Subscription)['_output']
export type PlanSource = Subscription['source']
export type Grant = Subscription['grants'][number]
export type StripeSubscription = NonNullable<Subscription['stripe']>
export type BillingCycle = (typeof http.billingCycles)[number]
export type PlanPreview = (typeof http.PlanPreview)['_output']
export type Invoice = (typeof http.Invoice)['_output']
export type Payment = (typeof http.Payment)['_output']
export type PaymentMethod = Payment['method']
export type PaymentStatus = Payment['status']
export type PaymentLink = (typeof http.PaymentLink)['_output']
export type Redeemed = (typeof http.Redeemed)['_output']

export type BotStatus = (typeof http.BotStatus)['_output']
export type BotWord = BotStatus['status']
export type Hold = NonNullable<BotStatus['hold']>
export type Run = NonNullable<BotStatus['run']>
export type StopReceipt = NonNullable<BotStatus['lastStop']>
export type BotEvent = (typeof http.BotEvent)['_output']

export type ExchangeKey = (typeof http.ExchangeKey)['_output']
export type AiKey = (typeof http.AiKey)['_output']
export type AiProvider = (typeof http.AiKeyBody)['_output']['provider']
export type KeyTest = (typeof http.KeyTest)['_output']
export type Broker = (typeof http.BrokerView)['_output']

export type Trade = (typeof http.Trade)['_output']
export type TradeStatus = Trade['status']
export type Signal = (typeof http.Signal)['_output']
export type Decision = (typeof http.Decision)['_output']
export type Outcome = Decision['outcome']
export type ManualTrade = (typeof http.ManualTrade)['_output']
export type Candle = (typeof http.CandleView)['_output']
export type SymbolInfo = (typeof http.SymbolView)['_output']
export type Performance = (typeof http.PerformanceView)['_output']
export type Balance = (typeof http.AccountBalance)['_output']
export type Metrics = (typeof http.Metrics)['_output']
export type LogLevel = (typeof http.logLevels)[number]
export type LogLine = Omit<(typeof http.LogLine)['_output'], 'level'> & { readonly level: LogLevel }

export type Preset = (typeof http.Preset)['_output']
export type SimulationPreset = (typeof http.SimulationPresets)['_output']['items'][number]
export type Job = Omit<(typeof http.Backtest)['_output'], 'report' | 'request'>
export type JobStatus = Job['status']

export type AdminUser = (typeof http.AdminUser)['_output']
export type AdminBot = (typeof http.AdminBot)['_output']
export type AdminPayment = (typeof http.AdminPayment)['_output']
export type PromoCode = (typeof http.PromoCode)['_output']
export type PromoType = PromoCode['type']
export type Redemption = (typeof http.Redemption)['_output']
export type AdminStats = (typeof http.AdminStats)['_output']
export type AdminNode = (typeof http.AdminNodes)['_output']['items'][number]
export type AuditEntry = (typeof http.AuditEntry)['_output']

/** A list, newest first. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly nextCursor: string | null
}

/** A list that always comes whole. */
export interface Whole<T> {
  readonly items: readonly T[]
}

/** One parameter of a strategy, as JSON Schema describes it. */
export interface ParamSchema {
  readonly type: 'integer' | 'number' | 'string' | 'boolean'
  readonly minimum?: number
  readonly maximum?: number
  readonly default?: number | string | boolean
  readonly enum?: readonly (number | string)[]
  readonly title?: string
  readonly description?: string
}

/** The contract leaves the JSON Schema of `params` open; this is the part the form draws. */
export type StrategyInfo = Omit<(typeof http.StrategyView)['_output'], 'params'> & {
  readonly params: { readonly properties?: Readonly<Record<string, ParamSchema>> }
}
