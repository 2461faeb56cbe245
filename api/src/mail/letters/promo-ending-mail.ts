import { mailOf } from '../mail-of.js'

export interface EndingPlan {
  /** The plan's name. */
  readonly plan: string
  /** The name of the plan that follows. */
  readonly nextPlan: string
  readonly endsAt: Date
  /** Whole days that are left, begun ones counted; 1 or more. */
  readonly daysLeft: number
}

/** A plan that a code, a payment of another kind or an admin gave for some days is about to end. */
export const promoEndingMail = mailOf<EndingPlan>(({ plan, nextPlan, endsAt, daysLeft }, { moment, publicUrl }) => {
  const end = moment(endsAt)
  const one = daysLeft === 1
  return {
    subject: {
      en: `Your ${plan} plan ends ${one ? 'within a day' : `in ${daysLeft} days`}`,
      es: `Tu plan ${plan} termina ${one ? 'en menos de un día' : `en ${daysLeft} días`}`,
    },
    preheader: { en: `On ${end}; ${nextPlan} follows.`, es: `El ${end}; le sigue ${nextPlan}.` },
    body: [
      {
        en: `Your ${plan} plan ends on ${end}. Then ${nextPlan} follows: strategies over its limits pause, and a live bot stops where it has no live trading. Open positions are handled as you chose.`,
        es: `Tu plan ${plan} termina el ${end}. Después le sigue ${nextPlan}: las estrategias que superen sus límites se pausan, y un bot real se detiene si ese plan no permite operar en real. Las posiciones abiertas se tratan como elegiste.`,
      },
      {
        en: 'To go on as you are, subscribe or redeem another code before then.',
        es: 'Para seguir como hasta ahora, suscríbete o canjea otro código antes de esa fecha.',
      },
    ],
    button: { text: { en: 'Keep your plan', es: 'Conservar tu plan' }, url: `${publicUrl}/billing` },
  }
})
