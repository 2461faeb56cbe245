import type { Teardown } from '@sath/testkit'
import { engineSpeed } from './engine.js'
import type { Figure } from './figure.js'
import { indicatorSpeed } from './indicators.js'
import { measure } from './measure.js'
import { oddsSpeed } from './odds.js'
import type { Sizes } from './sizes.js'
import { webhookIntake } from './webhook-intake.js'

type Part = (t: Teardown, directory: string, sizes: Sizes) => Promise<Figure[]>

/** What can be measured on its own, by the name it has on the command line, in the order of a full run. */
const parts: Readonly<Record<string, Part>> = {
  indicators: indicatorSpeed,
  engine: engineSpeed,
  odds: oddsSpeed,
  webhook: webhookIntake,
  system: measure,
}

/** The named parts, or all when none is named. @throws Error for a name that is none */
export function chosenParts(names: readonly string[]): readonly Part[] {
  const unknown = names.find((name) => !Object.hasOwn(parts, name))
  if (unknown !== undefined)
    throw new Error(`There is no part "${unknown}"; there are ${Object.keys(parts).join(', ')}`)
  return Object.entries(parts).flatMap(([name, part]) => (names.length === 0 || names.includes(name) ? [part] : []))
}
