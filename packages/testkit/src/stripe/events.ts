import { datedPage, datedPaging } from './pages.js'
import { flag, list, text } from './parameters.js'
import { type Route, route } from './route.js'

export const eventRoutes: readonly Route[] = [
  route('GET', '/v1/events/:id', {}, ({ account, id }) => account.events.get(id)),
  route(
    'GET',
    '/v1/events',
    {
      ...datedPaging,
      delivery_success: flag,
      type: text,
      types: list(text),
    },
    ({ account, params }) => {
      const { delivery_success, type, types } = params
      const found = account.events
        .all()
        .filter((event) =>
          [
            type === undefined || typeMatches(type, event.type),
            types === undefined || types.some((wanted) => typeMatches(wanted, event.type)),
            delivery_success === undefined || (event.pending_webhooks === 0) === delivery_success,
          ].every(Boolean),
        )
      return datedPage('/v1/events', found, params)
    },
  ),
]

/** `invoice.*` stands for all of them. */
function typeMatches(wanted: string, type: string): boolean {
  return wanted.endsWith('*') ? type.startsWith(wanted.slice(0, -1)) : wanted === type
}
