import type { Outcome } from '../../api/types.js'
import type { Tone } from '../../parts/tone.js'

/** Quiet for the usual run of things, a warning where somebody may want to change something. */
const tones: Readonly<Record<Outcome, Tone | 'none'>> = {
  traded: 'good',
  'no-signal': 'none',
  'warm-up': 'none',
  filter: 'info',
  hours: 'info',
  'position-open': 'info',
  draining: 'info',
  stale: 'info',
  'cool-down': 'warning',
  'daily-loss': 'warning',
  'daily-profit': 'warning',
  'trades-per-day': 'warning',
  'plan-limit': 'warning',
  exposure: 'warning',
  payout: 'warning',
  drawdown: 'warning',
  'target-reached': 'warning',
  held: 'warning',
}

export function outcomeTone(outcome: Outcome): Tone | 'none' {
  const known: Readonly<Record<string, Tone | 'none'>> = tones
  return known[outcome] ?? 'none'
}

/** Nothing where the reason only repeats the outcome. */
export function reasonText(outcome: Outcome, reason: string): string {
  return reason === outcome.replaceAll('-', ' ') ? '–' : reason
}
