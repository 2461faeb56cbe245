import type { PlanRefusal } from '@sath/core'
import type { PlanChangePreview, PositionChange, StrategyChange } from '@sath/engine'
import type { Formats } from '../formats.js'
import { asIs, type Phrase } from '../language.js'
import type { Part, Row } from '../letter.js'

/** Of a change that has taken effect, or of one to come. */
type Tense = 'done' | 'coming'

const goesOn: Phrase = { en: 'goes on', es: 'sigue en marcha' }
const paused: Record<Tense, Phrase> = {
  done: { en: 'paused', es: 'en pausa' },
  coming: { en: 'will be paused', es: 'se pausará' },
}
const stopped: Record<Tense, Phrase> = {
  done: { en: 'stopped', es: 'detenida' },
  coming: { en: 'will be stopped', es: 'se detendrá' },
}
/** Asked for with the change; the broker's answer comes later. */
const closed: Record<Tense, Phrase> = {
  done: { en: 'is being closed', es: 'se está cerrando' },
  coming: { en: 'will be closed', es: 'se cerrará' },
}
const reasons: Record<PlanRefusal['limit'], Phrase> = {
  modes: { en: 'the plan has no live trading', es: 'el plan no permite operar en real' },
  maxStrategies: { en: 'more strategies than the plan allows', es: 'más estrategias de las que permite el plan' },
  maxSymbols: { en: 'more symbols than the plan allows', es: 'más símbolos de los que permite el plan' },
  multiTimeframe: { en: 'the plan has no second timeframe', es: 'el plan no incluye un segundo marco temporal' },
  maxCapitalPerTrade: {
    en: 'more capital in a trade than the plan allows',
    es: 'más capital por operación del que permite el plan',
  },
  config: { en: 'its configuration does not trade this', es: 'su configuración no opera esto' },
}

/** Each strategy and each position with what happens to it, and what is to be done before the next start. */
export function effectParts(preview: PlanChangePreview, tense: Tense, formats: Formats): Part[] {
  const { strategies, held, beforeNextStart } = preview
  const rows = strategies.map(
    (change): Row => ({
      label: asIs(change.name),
      value: held ? because(stopped[tense], ['modes']) : fate(change, tense),
    }),
  )
  return [
    ...(rows.length > 0 ? [{ en: 'Your strategies:', es: 'Tus estrategias:' }, rows] : []),
    ...positionParts(preview, tense, formats),
    ...(beforeNextStart.length > 0
      ? [
          {
            en: 'Before the bot can be started again its configuration must fit the plan; the setup page shows what to change.',
            es: 'Antes de volver a arrancar el bot, su configuración debe caber en el plan; la página de configuración muestra qué cambiar.',
          },
        ]
      : []),
  ]
}

export function positionParts(
  { positions, strategies }: Pick<PlanChangePreview, 'positions' | 'strategies'>,
  tense: Tense,
  formats: Formats,
): Part[] {
  if (positions.length === 0) return [{ en: 'You have no open positions.', es: 'No tienes posiciones abiertas.' }]
  const rows = positions.map((position): Row => {
    const opener = strategies.find(({ strategyId }) => strategyId === position.strategyId)?.name
    return {
      label: asIs(opener === undefined ? position.symbol : `${position.symbol} (${opener})`),
      value: position.fate === 'closed' ? closed[tense] : kept(position, formats),
    }
  })
  return [{ en: 'Your open positions:', es: 'Tus posiciones abiertas:' }, rows]
}

function fate({ after, reasons: refusals, pausedSymbols, bust }: StrategyChange, tense: Tense): Phrase {
  const why = refusals.map(({ limit }) => limit)
  if (after === 'paused') return because(paused[tense], why)
  const left = pausedSymbols.join(', ')
  const going = after === 'stays' ? goesOn : { en: `goes on without ${left}`, es: `sigue sin ${left}` }
  const said = because(going, why)
  return bust
    ? {
        en: `${said.en}; level ${bust.level} of its ladder is over the plan and counts as lost`,
        es: `${said.es}; el nivel ${bust.level} de su escalera supera el plan y cuenta como perdido`,
      }
    : said
}

function because(what: Phrase, why: readonly PlanRefusal['limit'][]): Phrase {
  if (why.length === 0) return what
  const list = (language: keyof Phrase) => why.map((limit) => reasons[limit][language]).join(', ')
  return { en: `${what.en}: ${list('en')}`, es: `${what.es}: ${list('es')}` }
}

function kept({ expiresAt }: PositionChange, { moment }: Formats): Phrase {
  if (expiresAt === null) return { en: 'stays open to its own end', es: 'sigue abierta hasta su propio final' }
  const end = moment(new Date(expiresAt))
  return { en: `stays open to its end, ${end}`, es: `sigue abierta hasta su final, ${end}` }
}
