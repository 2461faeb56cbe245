import type { Condition } from '@sath/db'
import type { PlanChangePreview, StrategyChange } from '@sath/engine'

/**
 * What people should know of a bot that wants more than its plan allows: one condition for each limit. One that was there
 * before, in the same words, keeps the time at which it began.
 */
export function planConditions(
  plan: string,
  { strategies }: Pick<PlanChangePreview, 'strategies'>,
  before: readonly Condition[],
  now: Date,
): Condition[] {
  const limits = new Map(strategies.flatMap(({ reasons }) => reasons).map(({ limit, reason }) => [limit, reason]))
  const paused = [...limits].map(([limit, reason]) => {
    const names = strategies.filter(({ reasons }) => reasons.some((each) => each.limit === limit)).map(nameOf)
    return {
      type: 'strategies-paused',
      reason: limit,
      message: `Makes no new trades on the plan ${plan}: ${names.join(', ')}. Because ${reason}.`,
    }
  })
  const cut = strategies.flatMap(({ name, bust }) =>
    bust ? [`${name} from level ${bust.level} on (${bust.stake})`] : [],
  )
  const ladders = {
    type: 'ladders-cut',
    reason: 'maxCapitalPerTrade',
    message: `Counted as lost on the plan ${plan}, so that the ladder starts again: ${cut.join(', ')}.`,
  }
  return [...paused, ...(cut.length > 0 ? [ladders] : [])].map((note) => {
    const same = before.find((one) => one.type === note.type && one.message === note.message)
    return { ...note, since: same?.since ?? now.toISOString() }
  })
}

function nameOf({ name, after, pausedSymbols }: StrategyChange): string {
  return after === 'partly' ? `${name} on ${pausedSymbols.join(' and ')}` : name
}
