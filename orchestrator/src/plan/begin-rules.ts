import { crashLoop, nextTryAt } from './crashes.js'
import { isWanted, type Rule } from './situation.js'
import { waitForUnknown } from './stray-rules.js'

/** What is left of a tenant goes once the end of its bot is proven and settled by the gateway. */
export const eraseLeaving: Rule = ({ deleting, past }) => {
  if (!deleting) return undefined
  const [last] = past
  return last && !last.settled ? { kind: 'wait', ms: 1_000 } : { kind: 'erase' }
}

export const restUnwanted: Rule = (s) => (isWanted(s) ? undefined : { kind: 'settled' })

export const holdCrashLoop: Rule = (s) => {
  const reason = crashLoop(s)
  return reason === undefined ? undefined : { kind: 'hold', reason }
}

export const backOff: Rule = (s) => {
  const ms = nextTryAt(s) - s.now
  if (ms <= 0) return undefined
  const note = {
    type: 'back-off',
    reason: s.past[0]?.cause ?? 'crash',
    message: 'The bot has crashed and is tried again soon.',
  }
  return { kind: 'wait', ms, note }
}

export const awaitRoom: Rule = ({ noRoom }) =>
  noRoom === undefined
    ? undefined
    : { kind: 'wait', ms: 10_000, note: { type: 'no-room', reason: 'disk-full', message: noRoom } }

export const prepareImage: Rule = ({ imageReady }) => (imageReady ? undefined : { kind: 'prepare-image' })

export const beginRun: Rule = () => ({ kind: 'begin-run' })

export const beginRules: readonly Rule[] = [
  eraseLeaving,
  restUnwanted,
  holdCrashLoop,
  backOff,
  waitForUnknown,
  awaitRoom,
  prepareImage,
  beginRun,
]
