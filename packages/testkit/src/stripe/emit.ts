import type { Account, PeerEvent } from './account.js'

/** A plain copy as it goes over the wire. */
export function wireCopy<T>(value: T): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value)) as Record<string, unknown>
}

export interface Emittable {
  readonly id: string
  readonly object: string
  readonly test_clock?: string | { readonly id: string } | null
}

/** Writes an event about the object as it is now. */
export function emit(account: Account, type: string, object: Emittable, previous?: Record<string, unknown>): PeerEvent {
  const event: PeerEvent = {
    id: account.newId('evt_'),
    object: 'event',
    api_version: account.apiVersion,
    created: account.now(clockId(object.test_clock)),
    data: { object: wireCopy(object), ...(previous && { previous_attributes: previous }) },
    livemode: account.livemode,
    pending_webhooks: 0,
    request: { id: account.request?.id ?? null, idempotency_key: account.request?.idempotencyKey ?? null },
    type,
  }
  account.events.add(event)
  account.onEvent(event)
  return event
}

/** Changes the object and writes the event with what it was before; when nothing changed, no event. */
export function emitChange<T extends Emittable>(
  account: Account,
  type: string,
  object: T,
  change: (it: T) => void,
): void {
  const before = wireCopy(object)
  change(object)
  const after = wireCopy(object)
  const keys = Object.keys({ ...before, ...after })
  const changed = keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
  if (changed.length === 0) return
  emit(account, type, object, Object.fromEntries(changed.map((key) => [key, before[key] ?? null])))
}

function clockId(clock: Emittable['test_clock']): string | null | undefined {
  return typeof clock === 'object' && clock !== null ? clock.id : clock
}
