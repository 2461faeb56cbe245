import type { FieldError } from '../../../api/problem.js'
import type { Plan } from '../../../api/types.js'
import type { FormValues } from '../../../parts/use-form.js'

type Kind = 'text' | 'integer' | 'number' | 'amount' | 'limit' | 'amount-limit' | 'flag'

/** A line of the form. A limit that is left empty is none. */
export interface PlanField {
  readonly name: Exclude<keyof Plan, 'id' | 'currency' | 'modes'>
  readonly label: string
  readonly kind: Kind
}

export const planFields: readonly PlanField[] = [
  { name: 'name', label: 'Name', kind: 'text' },
  { name: 'priceMonth', label: 'Price of a month', kind: 'amount' },
  { name: 'priceYear', label: 'Price of a year', kind: 'amount' },
  { name: 'trialDays', label: 'Free days at first', kind: 'integer' },
  { name: 'maxStrategies', label: 'Strategies', kind: 'limit' },
  { name: 'maxSymbols', label: 'Symbols', kind: 'limit' },
  { name: 'maxTradesPerDay', label: 'Trades a day', kind: 'limit' },
  { name: 'maxCapitalPerTrade', label: 'Stake of one trade', kind: 'amount-limit' },
  { name: 'maxCapital', label: 'Capital', kind: 'amount-limit' },
  { name: 'historyDays', label: 'Days of history for back-tests', kind: 'limit' },
  { name: 'logRetentionDays', label: 'Days that logs are kept', kind: 'integer' },
  { name: 'memoryMiB', label: 'Memory of the bot, MiB', kind: 'integer' },
  { name: 'cpu', label: 'Processor of the bot, 1 = one core', kind: 'number' },
  { name: 'support', label: 'Support', kind: 'text' },
  { name: 'multiTimeframe', label: 'Trend filter on a second timeframe', kind: 'flag' },
  { name: 'backtesting', label: 'Back-tests', kind: 'flag' },
  { name: 'aiEnsemble', label: 'AI ensemble', kind: 'flag' },
  { name: 'apiAccess', label: 'API access', kind: 'flag' },
]

export function isLimit({ kind }: PlanField): boolean {
  return kind === 'limit' || kind === 'amount-limit'
}

export interface PlanEdit {
  /** Only what is another than before; amounts stay text. */
  readonly edit: Readonly<Record<string, unknown>>
  readonly errors: readonly FieldError[]
}

/** What a filled-in form changes of a plan. A text that is no number is a fault, never an absent limit. */
export function planEdit(plan: Plan, values: FormValues): PlanEdit {
  const edit: Record<string, unknown> = {}
  const errors: FieldError[] = []
  for (const field of planFields) {
    const { name } = field
    const value = readField(field, (values[name] ?? '').trim())
    if (value === undefined) errors.push({ path: name, message: faults[field.kind] })
    else if (value !== plan[name]) edit[name] = value
  }
  const modes = values.live === 'on' ? ['paper', 'live'] : ['paper']
  if (modes.length !== plan.modes.length) edit.modes = modes
  return { edit, errors }
}

/** Undefined: the text is not one. */
function readField({ kind, ...field }: PlanField, text: string): string | number | boolean | null | undefined {
  if (kind === 'flag') return text === 'on'
  if (text === '') return isLimit({ kind, ...field }) ? null : undefined
  if (kind === 'text') return text
  if (kind === 'integer' || kind === 'limit') return /^\d{1,7}$/.test(text) ? Number(text) : undefined
  if (kind === 'number') return /^\d{1,3}(\.\d{1,3})?$/.test(text) ? Number(text) : undefined
  return /^\d{1,12}(\.\d{1,8})?$/.test(text) ? text : undefined
}

const faults: Readonly<Record<Kind, string>> = {
  text: 'must not be empty',
  integer: 'must be a whole number',
  number: 'must be a number such as 0.5',
  amount: 'must be an amount such as 29 or 29.50',
  limit: 'must be a whole number, or empty for no limit',
  'amount-limit': 'must be an amount such as 20, or empty for no limit',
  flag: '',
}
