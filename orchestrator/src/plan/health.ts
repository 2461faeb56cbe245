import type { Limits } from './situation.js'

export interface Pulse {
  readonly phase: string
  readonly startedAt: number | undefined
  readonly runningAt: number | undefined
  readonly lastHeartbeatAt: number | undefined
  /** When it last got on with what it was given, or had nothing to do. */
  readonly progressAt: number | undefined
}

/**
 * Whether a bot has been silent for too long, or speaks and gets on with nothing. It counts only while a gateway that could hear it has been there for a
 * while: otherwise our own restart would restart every bot.
 */
export function isSilent(run: Pulse, gatewaySince: number | undefined, now: number, limits: Limits): boolean {
  if (gatewaySince === undefined || now - gatewaySince < limits.gatewaySettle) return false
  if (run.phase === 'starting') return run.startedAt !== undefined && now - run.startedAt > limits.startTimeout
  if (run.phase !== 'running') return false
  const heard = run.lastHeartbeatAt ?? run.runningAt
  if (heard === undefined) return false
  return now - Math.min(heard, run.progressAt ?? heard) > limits.heartbeatLost
}
