import type { ContainerLimits } from '@sath/db'
import { type Note, ownContainer, type Rule, type Run, type Situation } from './situation.js'

/**
 * More of a plan is given to the running container, less of one waits for the next start: the bot may be using what it has.
 * What was begun is finished, so that rows and container agree.
 */
export const raiseLimits: Rule = (s) => {
  const { run } = s
  const container = ownContainer(s)
  if (run?.phase !== 'running' || container?.state !== 'running') return undefined
  const to = most(run, s.planLimits)
  if (run.raisingTo === undefined && isSame(to, run.limits)) return undefined
  if (s.sent.refused && isSame(to, s.sent.refused)) return undefined
  return { kind: 'raise-limits', run, container, to }
}

/** What of the plan's limits is not in the container yet; undefined: all of it is. */
export function limitsNote({ run, planLimits }: Situation): Note | undefined {
  if (run === undefined) return undefined
  const { limits, startMemoryMiB } = run
  if (!isSame(limits, planLimits))
    return {
      type: 'limits',
      reason: 'next-restart',
      message: `The plan's ${words(planLimits)} apply at the next restart; until then the bot has ${words(limits)}.`,
    }
  if (startMemoryMiB === limits.memoryMiB) return undefined
  return {
    type: 'limits',
    reason: 'heap',
    message: `The bot has ${words(limits)} since the plan changed; its heap takes part of that from the next restart on.`,
  }
}

function most({ limits, raisingTo = limits }: Run, plan: ContainerLimits): ContainerLimits {
  return {
    memoryMiB: Math.max(limits.memoryMiB, raisingTo.memoryMiB, plan.memoryMiB),
    cpu: Math.max(limits.cpu, raisingTo.cpu, plan.cpu),
  }
}

function isSame(a: ContainerLimits, b: ContainerLimits): boolean {
  return a.memoryMiB === b.memoryMiB && a.cpu === b.cpu
}

function words({ memoryMiB, cpu }: ContainerLimits): string {
  return `${memoryMiB} MiB and ${cpu} CPU`
}
