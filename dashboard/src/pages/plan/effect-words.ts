import type { PlanPreview } from '../../api/types.js'
import { dateTime } from '../../parts/format.js'
import type { Tone } from '../../parts/tone.js'

type Effects = PlanPreview['effects']

export const fates: Readonly<Record<Effects['strategies'][number]['after'], { title: string; tone: Tone }>> = {
  stays: { title: 'Goes on', tone: 'good' },
  partly: { title: 'Goes on in part', tone: 'warning' },
  paused: { title: 'Paused', tone: 'warning' },
}

export function positionFate({ fate, expiresAt }: Effects['positions'][number]): string {
  if (fate === 'closed') return 'Is closed, as your set-up says'
  return expiresAt === null ? 'Is kept to its own end' : `Is kept until it expires, ${dateTime(expiresAt)}`
}

/** A limit of the container before and after, and when it changes; undefined when it does not. */
export function limitChange(
  name: string,
  { before, after, when }: Effects['cpu'],
  words: (value: number) => string,
): { readonly name: string; readonly text: string } | undefined {
  if (when === 'unchanged') return undefined
  const timing = when === 'live' ? 'while the bot runs' : 'with its next start'
  return { name, text: `${words(before)} → ${words(after)}, ${timing}` }
}
