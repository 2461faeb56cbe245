/** How far a stream has come. `State` is all that what follows can depend on. */
export interface Place<State> {
  readonly state: State
  /** Steps of the story that were taken. */
  readonly steps: number
  /** Whether each event was handed over. */
  readonly heard: readonly boolean[]
  /** One of them came twice. */
  readonly twice: boolean
  /** One way to come here. */
  readonly path: readonly string[]
}

export interface Walk<State> {
  readonly start: State
  readonly steps: number
  /** The step that each event comes of, from 0. */
  readonly events: readonly { readonly name: string; readonly step: number }[]
  /** Two states of the same name go on the same. */
  name(state: State): string
  /** Hands an event over. */
  deliver(from: Place<State>, event: number): Promise<State>
  /** Every event was handed over. */
  complete(end: Place<State>): Promise<void>
  /** The story is over and events are missing, which are lost. */
  lost(end: Place<State>): Promise<void>
}

export interface Walked {
  /** All streams there are: orders of the events, each of them also with any one event twice. */
  readonly streams: number
  /** All streams there are in which events are lost. */
  readonly lossy: number
  /** Events that were really handed over. */
  readonly deliveries: number
}

/**
 * Goes through every order in which events can come: each after its own step and none, some or all of them before the next
 * step, and any one of them twice, with whatever in between. Streams that come to the same state with the same to come go on
 * as one, and what was done in a state once is not done again, so that few deliveries try them all; where a stream makes a
 * difference, it does go on by itself.
 */
export async function walkStreams<State>(walk: Walk<State>): Promise<Walked> {
  let [streams, lossy, deliveries] = [0, 0, 0]
  const first = { state: walk.start, steps: 0, heard: walk.events.map(() => false), twice: false, path: [] }
  /** Where events led to, by the step, the state and the event. */
  const known = new Map<string, State>()
  const deliver = async (place: Place<State>, event: number) => {
    const name = `${place.steps} ${event} ${walk.name(place.state)}`
    const before = known.get(name)
    if (before) return before
    deliveries++
    const state = await walk.deliver(place, event)
    known.set(name, state)
    return state
  }
  let layer: readonly Counted<State>[] = [{ place: first, ways: 1 }]
  while (layer.length > 0) {
    const next = new Map<string, Counted<State>>()
    const reach = (place: Place<State>, ways: number) => {
      const name = `${place.steps} ${place.heard} ${place.twice} ${walk.name(place.state)}`
      next.set(name, { place: next.get(name)?.place ?? place, ways: ways + (next.get(name)?.ways ?? 0) })
    }
    for (const { place, ways } of layer) {
      const { steps, heard, twice, path } = place
      if (steps < walk.steps) reach({ ...place, steps: steps + 1, path: [...path, `step ${steps + 1}`] }, ways)
      else if (!heard.includes(false)) {
        streams += ways
        await walk.complete(place)
      } else if (!twice) {
        lossy += ways
        await walk.lost(place)
      }
      for (const [n, event] of walk.events.entries()) {
        if (event.step >= steps || (heard[n] && twice)) continue
        const come = {
          state: await deliver(place, n),
          steps,
          heard: heard.with(n, true),
          twice: twice || heard[n] === true,
        }
        reach({ ...come, path: [...path, event.name] }, ways)
      }
    }
    layer = [...next.values()]
  }
  return { streams, lossy, deliveries }
}

interface Counted<State> {
  readonly place: Place<State>
  /** Streams that come here. */
  readonly ways: number
}
