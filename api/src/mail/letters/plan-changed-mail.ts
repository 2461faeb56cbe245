import { mailOf } from '../mail-of.js'
import { effectParts, type PlanEffects } from './plan-effects.js'

export interface ChangedPlan extends PlanEffects {
  /** Names of the plans. */
  readonly from: string
  readonly to: string
  readonly changedAt: Date
}

export const planChangedMail = mailOf<ChangedPlan>(({ from, to, changedAt, ...effects }, say) => {
  const since = say.moment(changedAt)
  return {
    subject: { en: `Your plan is now ${to}`, es: `Tu plan es ahora ${to}` },
    preheader: {
      en: `What happened to your strategies and positions.`,
      es: `Qué ha pasado con tus estrategias y posiciones.`,
    },
    body: [
      {
        en: `Your plan changed from ${from} to ${to} on ${since}.`,
        es: `Tu plan cambió de ${from} a ${to} el ${since}.`,
      },
      ...effectParts(effects, 'done', say),
    ],
    button: { text: { en: 'See your plan', es: 'Ver tu plan' }, url: `${say.publicUrl}/billing` },
  }
})
