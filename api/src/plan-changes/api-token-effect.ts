import type { PlanLimits } from '@sath/core'

export interface ApiTokenEffect {
  /** How many there are. */
  readonly count: number
  readonly message: string
}

/** What a plan does to the API tokens that a user has; null: nothing. */
export function apiTokenEffect(count: number, { apiAccess }: Pick<PlanLimits, 'apiAccess'>): ApiTokenEffect | null {
  if (apiAccess || count === 0) return null
  const [tokens, they] =
    count === 1
      ? ['API token does not work on it', 'It is kept, and works']
      : [`${count} API tokens do not work on it`, 'They are kept, and work']
  return { count, message: `The plan has no API access: your ${tokens}. ${they} again on a plan that has it.` }
}
