import type { PlanChangePreview } from '@sath/engine'
import { mailOf } from '../mail-of.js'
import { effectParts } from './plan-effects.js'

export interface ScheduledChange {
  /** Names of the plans. */
  readonly from: string
  readonly to: string
  readonly changesAt: Date
  readonly preview: PlanChangePreview
}

export const planChangeScheduledMail = mailOf<ScheduledChange>(({ from, to, changesAt, preview }, say) => {
  const when = say.moment(changesAt)
  return {
    subject: { en: `Your plan will change to ${to}`, es: `Tu plan cambiará a ${to}` },
    preheader: { en: `${from} stays until ${when}.`, es: `${from} se mantiene hasta el ${when}.` },
    body: [
      {
        en: `Your plan stays ${from} until ${when}, and is ${to} from then on. As things are now, this is what will happen.`,
        es: `Tu plan sigue siendo ${from} hasta el ${when}, y desde entonces será ${to}. Tal como están las cosas, esto es lo que pasará.`,
      },
      ...effectParts(preview, 'coming', say),
      {
        en: 'You can change your mind until then, and the order of your strategies decides which go on.',
        es: 'Hasta entonces puedes cambiar de idea, y el orden de tus estrategias decide cuáles siguen.',
      },
    ],
    button: { text: { en: 'See or undo the change', es: 'Ver o deshacer el cambio' }, url: `${say.publicUrl}/billing` },
  }
})
