import type { FieldError } from '../../api/problem.js'

/** Refusals of a plan begin with the limit's name, for programs; people read the rest. */
export function withoutLimitName({ path, message }: FieldError): FieldError {
  const rest = message.replace(/^(max[A-Z]\w+|modes|multiTimeframe|capital): /, '')
  return { path, message: rest.charAt(0).toUpperCase() + rest.slice(1) }
}
