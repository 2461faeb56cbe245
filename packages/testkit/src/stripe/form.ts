/** A body before its meaning is known: every leaf is text, arrays are objects with the keys 0, 1, 2 … */
export type Raw = string | RawObject
export interface RawObject {
  [key: string]: Raw
}

/**
 * Reads `a[b][0][c]=v&d[]=e` as Stripe does.
 *
 * A name that is both a value and a group (`a=1&a[b]=2`) keeps the last one said.
 */
export function parseForm(text: string): RawObject {
  const form = emptyGroup()
  for (const [name, value] of new URLSearchParams(text)) place(form, segments(name), value)
  return form
}

/** Without a prototype, so that `__proto__` is a name like any other. */
function emptyGroup(): RawObject {
  return Object.create(null) as RawObject
}

function segments(name: string): string[] {
  const [head = ''] = name.split('[', 1)
  return [head, ...[...name.slice(head.length).matchAll(/\[([^\]]*)\]/g)].map(([, inner = '']) => inner)]
}

function place(group: RawObject, [head = '', ...rest]: string[], value: string): void {
  const key = head === '' ? String(Object.keys(group).length) : head
  if (rest.length === 0) {
    group[key] = value
    return
  }
  const existing = group[key]
  const inner = existing === undefined || typeof existing === 'string' ? emptyGroup() : existing
  group[key] = inner
  place(inner, rest, value)
}
