import type { Candle, Direction, FieldError, Timeframe } from '@sath/core'
import type { ParamSpecs, Params } from './params.js'

/** What a strategy says about one closed candle. `confidence` is 0…1. */
export type Signal =
  | { readonly direction: Direction; readonly confidence: number; readonly reason: string }
  | { readonly direction: 'none' }

/** The answer of every candle without a signal; one object, so that silence makes no garbage. */
export const noSignal: Signal = { direction: 'none' }

/**
 * A strategy is a fold over closed candles of one series. `step` is deterministic: same state and candle, same answer, in a
 * back-test, on paper and live. State is plain JSON that holds numbers, and objects and arrays of such with a constant
 * number of members, so that a session can be resumed to the identical decisions. A candle of which a price that the rule
 * looks at is no finite number, or lies outside of low and high, is refused with an AppError invalid-request before it leaves
 * a trace.
 *
 * Each holds (see strategies.test.ts):
 * 1. it says nothing before candle number `warmUp`;
 * 2. what it says about a candle depends on no later one;
 * 3. resumed from the JSON of its state, it goes on as if nothing had happened.
 */
export interface Strategy<P extends Params = Params, State extends object = object> {
  /** Kebab-case; what a configuration names. */
  readonly id: string
  readonly name: string
  /** One or two sentences for the subscriber: when it signals. */
  readonly summary: string
  /** Where the rule comes from. */
  readonly source: string
  /** The only timeframe the rule is for; absent: any. On another one it never signals. */
  readonly timeframe?: Timeframe
  readonly params: ParamSpecs<P>
  /** Faults between parameters that are fine on their own. Paths are parameter names. */
  check?(params: P): FieldError[]
  /** Candles needed before the first signal. */
  warmUp(params: P): number
  /** Candles after which it no longer matters where the fold began. At least `warmUp`. */
  memory(params: P): number
  init(params: P): State
  /** Changes its own state in place: hot path, no garbage without a signal. */
  step(state: State, candle: Candle, params: P): Signal
  /** The indicators as the last step saw them, by name; empty before they have values. */
  indicators(state: State): Record<string, number>
}
