import { ownContainer, type Rule, strays } from './situation.js'

/** Nothing is known, so nothing is done. An engine that does not answer has not lost its containers. */
export const lookBlind: Rule = ({ containers }) =>
  containers
    ? undefined
    : {
        kind: 'wait',
        ms: 5_000,
        note: { type: 'unreachable', reason: 'engine', message: 'The engine that runs this bot does not answer.' },
      }

/**
 * A live container that is newer than the rows: they come from an older backup. It is taken over, never killed, and its
 * epoch becomes the counter's. What the rows held to be unfinished ended with them.
 */
export const adoptNewer: Rule = (s) => {
  const newer = strays(s).find((one) => one.named && one.epoch > s.epoch)
  if (newer) return { kind: 'raise-epoch', container: newer }
  const orphan = strays(s).find((one) => one.named && !one.known && one.state === 'running' && one.epoch === s.epoch)
  if (!orphan || s.past.some((run) => run.epoch === orphan.epoch)) return undefined
  if (!s.run) return { kind: 'adopt-unknown', container: orphan }
  return ownContainer(s) ? undefined : { kind: 'record-missing', run: s.run }
}

/** Leftovers of ended runs: removed when they have ended too; killed when somebody has started them again. */
export const clearStrays: Rule = (s) => {
  for (const container of strays(s)) {
    if (container.state === 'running' && container.known) return { kind: 'kill-stray', container }
    if (container.state !== 'running' && (container.known || container.named)) return { kind: 'remove', container }
  }
  return undefined
}

/** While something runs that we do not know, nothing is started beside it; the sweep looks into it. */
export const waitForUnknown: Rule = (s) =>
  strays(s).some((one) => one.state === 'running')
    ? {
        kind: 'wait',
        ms: 5_000,
        note: {
          type: 'unknown-container',
          reason: 'label',
          message: 'A container that Sath does not know carries the labels of this bot.',
        },
      }
    : undefined
