import type { NewMail } from '@sath/db'
import type { PlanChangePreview } from '@sath/engine'
import { liveStoppedMail } from '../mail/letters/live-stopped-mail.js'
import { planChangedMail } from '../mail/letters/plan-changed-mail.js'
import type { PlanEffects, StrategyEffect } from '../mail/letters/plan-effects.js'
import type { Reader } from '../mail/mail-of.js'

/** Between the names of strategies, a trade by hand. */
const byHand = '—'

/** The preview in the words of mails. */
export function planEffects({ held, strategies, positions }: PlanChangePreview): PlanEffects {
  const names = new Map(strategies.map(({ strategyId, name }) => [strategyId, name]))
  return {
    strategies: strategies.flatMap(({ name, after, pausedSymbols }): StrategyEffect[] => {
      if (held) return [{ name, fate: 'stopped' }]
      if (after === 'stays') return [{ name, fate: 'runs' }]
      if (after === 'paused') return [{ name, fate: 'paused' }]
      return [
        { name, fate: 'runs' },
        { name: `${name} (${pausedSymbols.join(', ')})`, fate: 'paused' },
      ]
    }),
    positions: positions.map(({ strategyId, symbol, fate, expiresAt }) => ({
      symbol,
      strategy: (strategyId === null ? undefined : names.get(strategyId)) ?? byHand,
      fate,
      ...(expiresAt === null ? {} : { endsAt: new Date(expiresAt) }),
    })),
  }
}

/** One mail for one change: that a live bot was stopped says more than that the plan is another. */
export function planChangeMail(
  change: { readonly from: string; readonly to: string; readonly changedAt: Date },
  preview: PlanChangePreview,
  reader: Reader,
): NewMail {
  const effects = planEffects(preview)
  return preview.held
    ? liveStoppedMail({ plan: change.to, positions: effects.positions }, reader)
    : planChangedMail({ ...change, ...effects }, reader)
}
