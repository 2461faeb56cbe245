import { beginRules } from './plan/begin-rules.js'
import { raiseLimits } from './plan/limit-rules.js'
import {
  adoptRunning,
  awaitFirstHeartbeat,
  awaitStop,
  createMissing,
  endUnwanted,
  keepRunning,
  killForced,
  recordExit,
  startCreated,
} from './plan/run-rules.js'
import type { Rule, Situation, Step } from './plan/situation.js'
import { adoptNewer, clearStrays, lookBlind } from './plan/stray-rules.js'

/** For a bot with an unfinished run. */
const runRules: readonly Rule[] = [
  recordExit,
  startCreated,
  createMissing,
  adoptRunning,
  killForced,
  awaitStop,
  endUnwanted,
  awaitFirstHeartbeat,
  raiseLimits,
  keepRunning,
]

const always: readonly Rule[] = [lookBlind, adoptNewer, clearStrays]

/**
 * The one step that brings a bot closer to what is wanted of it. Pure: no clock, no I/O. Evaluated in order, the first rule
 * that answers wins. The caller takes the step, observes again and asks again, so being cut off in between loses nothing.
 *
 * Holds for every situation (see plan-promises.test.ts):
 * 1. following the steps always reaches `settled`, or a `wait` for something that is not ours to do;
 * 2. no step ever adds a second running container;
 * 3. nothing is created or started for a bot that is not wanted, is held, or was force-stopped;
 * 4. a container that cannot be seen is neither created nor killed;
 * 5. no step shortens or prolongs the deadline of a stop.
 */
export function nextStep(s: Situation): Step {
  for (const rule of [...always, ...(s.run ? runRules : beginRules)]) {
    const step = rule(s)
    if (step) return step
  }
  return { kind: 'settled' }
}
