import type { PlanChangePreview } from '@sath/engine'
import { mailOf } from '../mail-of.js'
import { effectParts } from './plan-effects.js'

export interface ChangedPlan {
  /** Names of the plans; the same, when the limits of the plan were edited. */
  readonly from: string
  readonly to: string
  readonly changedAt: Date
  readonly preview: PlanChangePreview
}

export const planChangedMail = mailOf<ChangedPlan>(({ from, to, changedAt, preview }, say) => {
  const since = say.moment(changedAt)
  const edited = from === to
  return {
    subject: edited
      ? { en: `The limits of your ${to} plan changed`, es: `Los límites de tu plan ${to} han cambiado` }
      : { en: `Your plan is now ${to}`, es: `Tu plan es ahora ${to}` },
    preheader: {
      en: 'What happened to your strategies and positions.',
      es: 'Qué ha pasado con tus estrategias y posiciones.',
    },
    body: [
      edited
        ? {
            en: `The limits of your ${to} plan changed on ${since}.`,
            es: `Los límites de tu plan ${to} cambiaron el ${since}.`,
          }
        : {
            en: `Your plan changed from ${from} to ${to} on ${since}.`,
            es: `Tu plan cambió de ${from} a ${to} el ${since}.`,
          },
      ...effectParts(preview, 'done', say),
    ],
    button: { text: { en: 'See your plan', es: 'Ver tu plan' }, url: `${say.publicUrl}/billing` },
  }
})
