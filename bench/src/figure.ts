import { median } from './samples.js'

/** One line of the table. */
export interface Figure {
  readonly name: string
  readonly unit: string
  readonly ours: number
  /** The same thing without Sath, measured in the same run; undefined where the target is absolute. */
  readonly bare?: number | undefined
  /** ours / bare. */
  readonly ratio?: number | undefined
  /** In words, for example "at most 1.6 × bare"; absent: told without a claim. */
  readonly target?: string | undefined
  readonly met?: boolean | undefined
  /** Exactly what was measured, and how. */
  readonly how: string
  /** What the medians are of. */
  readonly samples?: Readonly<Record<string, readonly number[]>> | undefined
}

export type Bound = { readonly atMost: number } | { readonly atLeast: number }

interface Compared {
  readonly name: string
  readonly unit: string
  readonly ours: readonly number[]
  readonly bare: readonly number[]
  /** What the samples are boiled down to; default the median. */
  readonly by?: (samples: readonly number[]) => number
  /** On ours / bare. */
  readonly bound?: Bound
  readonly how: string
}

/** A figure whose claim is about the ratio to the bare thing. */
export function compared({ name, unit, ours, bare, by = median, bound, how }: Compared): Figure {
  const [a, b] = [by(ours), by(bare)]
  const ratio = a / b
  return {
    name,
    unit,
    ours: a,
    bare: b,
    ratio,
    ...(bound && { target: `${inWords(bound)} × bare`, met: holds(bound, ratio) }),
    how,
    samples: { ours, bare },
  }
}

interface Absolute extends Omit<Figure, 'target' | 'met' | 'ratio'> {
  readonly bound: Bound
}

/** A figure whose claim is about our own value. */
export function absolute({ bound, ...figure }: Absolute): Figure {
  const ratio = figure.bare ? figure.ours / figure.bare : undefined
  return { ...figure, ratio, target: `${inWords(bound)} ${figure.unit}`, met: holds(bound, figure.ours) }
}

function holds(bound: Bound, value: number): boolean {
  return 'atMost' in bound ? value <= bound.atMost : value >= bound.atLeast
}

function inWords(bound: Bound): string {
  return 'atMost' in bound ? `at most ${bound.atMost}` : `at least ${bound.atLeast}`
}
