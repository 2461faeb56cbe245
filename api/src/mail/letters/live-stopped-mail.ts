import type { PlanChangePreview } from '@sath/engine'
import { mailOf } from '../mail-of.js'
import { positionParts } from './plan-effects.js'

export interface StoppedLive {
  /** The name of the plan, which has no live trading. */
  readonly plan: string
  readonly preview: Pick<PlanChangePreview, 'positions' | 'strategies'>
}

/** A bot that traded live was stopped because the plan in force has no live trading. */
export const liveStoppedMail = mailOf<StoppedLive>(({ plan, preview }, say) => ({
  subject: { en: 'Your live bot was stopped', es: 'Tu bot real se ha detenido' },
  preheader: {
    en: `Your plan, ${plan}, has no live trading.`,
    es: `Tu plan, ${plan}, no permite operar en real.`,
  },
  body: [
    {
      en: `Your bot traded live, and your plan is now ${plan}, which has no live trading. So it was stopped; it was not moved to paper.`,
      es: `Tu bot operaba en real y tu plan es ahora ${plan}, que no permite operar en real. Por eso se ha detenido; no ha pasado a simulación.`,
    },
    ...positionParts(preview, 'done', say),
    {
      en: 'To go on, choose a plan with live trading, or save a configuration for paper trading and start it again.',
      es: 'Para continuar, elige un plan que permita operar en real, o guarda una configuración de simulación y arráncalo de nuevo.',
    },
  ],
  button: { text: { en: 'Choose a plan', es: 'Elegir un plan' }, url: `${say.publicUrl}/billing` },
}))
