import type { Formats } from '../formats.js'
import { asIs, type Phrase } from '../language.js'
import type { Part, Row } from '../letter.js'

/** What a change of plan does to a strategy: paused because it is over a limit; stopped because it trades live. */
export interface StrategyEffect {
  /** As its owner named it. */
  readonly name: string
  readonly fate: 'runs' | 'paused' | 'stopped'
}

/** What a change of plan does to an open position. */
export interface PositionEffect {
  readonly symbol: string
  /** The name of the strategy that opened it. */
  readonly strategy: string
  readonly fate: 'closed' | 'kept'
  /** When a kept one ends by itself, where that is known (the expiry of a binary option). */
  readonly endsAt?: Date
}

export interface PlanEffects {
  readonly strategies: readonly StrategyEffect[]
  readonly positions: readonly PositionEffect[]
}

type Tense = 'done' | 'coming'

const strategyFates = {
  runs: {
    done: { en: 'goes on', es: 'sigue en marcha' },
    coming: { en: 'goes on', es: 'sigue en marcha' },
  },
  paused: {
    done: { en: 'paused: over the limits of the plan', es: 'en pausa: supera los límites del plan' },
    coming: { en: 'will be paused: over the limits of the plan', es: 'se pausará: supera los límites del plan' },
  },
  stopped: {
    done: { en: 'stopped: the plan has no live trading', es: 'detenida: el plan no permite operar en real' },
    coming: {
      en: 'will be stopped: the plan has no live trading',
      es: 'se detendrá: el plan no permite operar en real',
    },
  },
} as const satisfies Record<StrategyEffect['fate'], Record<Tense, Phrase>>

const closed = {
  done: { en: 'closed', es: 'cerrada' },
  coming: { en: 'will be closed', es: 'se cerrará' },
} as const satisfies Record<Tense, Phrase>

/** Each strategy and each position with what happens to it. */
export function effectParts({ strategies, positions }: PlanEffects, tense: Tense, formats: Formats): Part[] {
  const strategyRows = strategies.map(
    ({ name, fate }): Row => ({ label: asIs(name), value: strategyFates[fate][tense] }),
  )
  return [
    ...(strategyRows.length > 0 ? [{ en: 'Your strategies:', es: 'Tus estrategias:' }, strategyRows] : []),
    ...positionParts(positions, tense, formats),
  ]
}

export function positionParts(positions: readonly PositionEffect[], tense: Tense, { moment }: Formats): Part[] {
  if (positions.length === 0) return [{ en: 'You have no open positions.', es: 'No tienes posiciones abiertas.' }]
  const rows = positions.map(
    ({ symbol, strategy, fate, endsAt }): Row => ({
      label: asIs(`${symbol} (${strategy})`),
      value: fate === 'closed' ? closed[tense] : kept(endsAt && moment(endsAt)),
    }),
  )
  return [{ en: 'Your open positions:', es: 'Tus posiciones abiertas:' }, rows]
}

function kept(until: string | undefined): Phrase {
  return until === undefined
    ? { en: 'stays open to its own end', es: 'sigue abierta hasta su propio final' }
    : { en: `stays open to its end, ${until}`, es: `sigue abierta hasta su final, ${until}` }
}
