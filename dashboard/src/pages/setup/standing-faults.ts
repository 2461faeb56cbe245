import type { Draft } from './draft.js'

/**
 * Those messages of a save that may still be true: a field that was changed since is not judged until the next save.
 *
 * @param byField by path, as they were said of `sent`
 */
export function standingFaults(
  byField: Readonly<Record<string, string>>,
  sent: Draft,
  now: Draft,
): Readonly<Record<string, string>> {
  const isAsSent = (path: string) => valueAt(sent, path) === valueAt(now, path)
  return Object.fromEntries(Object.entries(byField).filter(([path]) => judgedBy(path).every(isAsSent)))
}

/** The fields that a message at this path is about: a stake is judged with what its ladder may come to. */
function judgedBy(path: string): readonly string[] {
  const strategy = /^(strategies\.\d+)\.stake$/.exec(path)?.[1]
  if (strategy === undefined) return [path]
  return [path, 'capital', ...['enabled', 'martingale', 'symbols'].map((name) => `${strategy}.${name}`)]
}

/** Unchanged parts of a draft stay the same object. Undefined: there is nothing at this path. */
function valueAt(draft: Draft, path: string): unknown {
  let value: unknown = draft
  for (const key of path.split('.'))
    value = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined
  return value
}
