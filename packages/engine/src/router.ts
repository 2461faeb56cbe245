import type { SeriesKey } from '@sath/core'
import { seriesName } from './needed-series.js'
import type { Slot } from './slot.js'

/** Who wants a series, in the order of the configuration. */
export interface Route {
  readonly deciding: readonly Slot[]
  readonly confirming: readonly Slot[]
}

export type Router = (key: SeriesKey) => Route

/** Finds who wants a series. It remembers the last key, since whoever has a long story to tell uses the same one. */
export function router(slots: readonly Slot[]): Router {
  const routes = new Map<string, Route>()
  let lastKey: SeriesKey | undefined
  let last: Route = { deciding: [], confirming: [] }
  return (key) => {
    if (key === lastKey) return last
    const name = seriesName(key)
    lastKey = key
    last = routes.get(name) ?? {
      deciding: slots.filter(({ base }) => base === name),
      confirming: slots.filter(({ confirming }) => confirming === name),
    }
    routes.set(name, last)
    return last
  }
}
