import type { BotStatus, BotWord, Hold } from '../../api/types.js'
import type { Tone } from '../../parts/tone.js'

export const statusTitles: Readonly<Record<BotWord, string>> = {
  stopped: 'Stopped',
  starting: 'Starting',
  running: 'Running',
  stopping: 'Stopping',
  error: 'Error',
}

export const statusTones: Readonly<Record<BotWord, Tone | 'none'>> = {
  stopped: 'none',
  starting: 'warning',
  running: 'good',
  stopping: 'warning',
  error: 'bad',
}

/** What a hold means to its subscriber. */
export interface HoldWords {
  readonly tone: Tone
  /** Undefined where the reason says it all. */
  readonly text?: string
  /** Pages that lead out of it. */
  readonly ways: readonly { readonly to: '/billing' | '/setup' | '/keys'; readonly label: string }[]
}

/** Who can let a held bot go, and how. Why it is held is the API's to say: the `holdReason` stands beside these words. */
export const holdWords: Readonly<Record<Hold, HoldWords>> = {
  admin: { tone: 'warning', text: 'By the operator of this Sath. Only they can release it.', ways: [] },
  billing: {
    tone: 'warning',
    ways: [
      { to: '/billing', label: 'Choose a plan' },
      { to: '/setup', label: 'Set it up for paper' },
    ],
  },
  'crash-loop': {
    tone: 'bad',
    text: 'It crashed again and again, so it is not started any more. Fix the cause, then press Start.',
    ways: [{ to: '/setup', label: 'Set up' }],
  },
  credentials: {
    tone: 'bad',
    text: 'The broker refuses the key. Replace it, then press Start.',
    ways: [{ to: '/keys', label: 'Keys' }],
  },
}

/** Conditions that the plan explains. */
export const planConditions: ReadonlySet<string> = new Set(['strategies-paused', 'ladders-cut', 'limits'])

/** Whether a message of the stream is a whole status. */
export function isStatus(data: unknown): data is BotStatus {
  return typeof data === 'object' && data !== null && 'conditions' in data && 'status' in data && isWord(data.status)
}

function isWord(value: unknown): value is BotWord {
  return typeof value === 'string' && Object.hasOwn(statusTitles, value)
}

export type Command = 'start' | 'stop' | 'restart'

/** Commands that make sense now. A stop is offered whenever something runs or is wanted, so that nobody waits for a start. */
export function commandsFor({ status, desired, hold }: BotStatus): readonly Command[] {
  if (status === 'stopping') return desired === 'running' ? ['stop'] : []
  if (status === 'starting') return ['stop']
  if (status === 'running') return ['restart', 'stop']
  if (hold === 'admin' || hold === 'billing') return []
  return desired === 'running' && status === 'error' ? ['start', 'stop'] : ['start']
}

/** What is under way, while something is. */
export function progressText({ status, desired, run }: BotStatus): string | undefined {
  if (status === 'starting') return run ? 'Waiting for its first heartbeat' : 'Being prepared'
  if (status !== 'stopping') return undefined
  if (desired === 'running') return 'Ending the old run before the new one starts'
  return 'It enters nothing more; open orders are being settled. This can take a minute'
}
