import type { ContainerEngine } from '../engines/container-engine.js'
import type { Verb } from '../engines/memory-engine.js'

/** Called around every call of an engine; may wait, or throw. */
export type Hook = (verb: Verb, moment: 'before' | 'after') => Promise<void> | void

/** An engine as one orchestrator sees it: the same containers, with something in between. */
export function interposed(engine: ContainerEngine, hook: Hook): ContainerEngine {
  const around =
    <A extends unknown[], R>(verb: Verb, run: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await hook(verb, 'before')
      const answer = await run(...args)
      await hook(verb, 'after')
      return answer
    }
  return {
    kind: engine.kind,
    ensureImage: around('ensureImage', engine.ensureImage),
    removeOldImages: around('removeOldImages', engine.removeOldImages),
    list: around('list', engine.list),
    create: around('create', engine.create),
    start: around('start', engine.start),
    resize: around('resize', engine.resize),
    signal: around('signal', engine.signal),
    remove: around('remove', engine.remove),
    inspect: around('inspect', engine.inspect),
    faults: around('faults', engine.faults),
    logs: engine.logs,
    events: engine.events,
    awayNoticeMs: engine.awayNoticeMs,
    wasAway: engine.wasAway,
    close: async () => {},
  }
}
