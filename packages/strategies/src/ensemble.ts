import type { Candle, Direction } from '@sath/core'
import { checkCandle } from '@sath/indicators'
import { type NumberParam, withDefaults } from './params.js'
import { noSignal, type Strategy } from './strategy.js'
import { textbook } from './textbook.js'

/** Each of the eight with its own defaults, and the name its weight has among the parameters. */
const voters = textbook.map((strategy) => ({
  strategy,
  weight: camelCase(strategy.id),
  params: withDefaults(strategy.params, {}),
}))

const warmUp = Math.max(...voters.map(({ strategy, params }) => strategy.warmUp(params)))
const memory = Math.max(...voters.map(({ strategy, params }) => strategy.memory(params)))

type EnsembleParams = Readonly<Record<string, number>> & { readonly window: number; readonly votes: number }

interface State {
  /** States of the voters, in their order. */
  readonly voters: object[]
  /** Votes for each direction on each of the last `window` candles; those of the oldest at `at`. */
  readonly calls: number[]
  readonly puts: number[]
  at: number
  /** Sums of the two. */
  call: number
  put: number
  /** Candles seen, counted up to the warm-up. */
  count: number
}

export const ensemble: Strategy<EnsembleParams, State> = {
  id: 'ensemble',
  name: 'Ensemble',
  summary:
    'Asks all eight strategies: CALL when their votes of the last candles for CALL outweigh those for PUT, PUT when the other way round.',
  source: 'Sath',
  params: {
    window: {
      type: 'integer',
      min: 1,
      max: 20,
      default: 3,
      title: 'Candles that count',
      description: 'A vote counts on its own candle and on the ones after it, so many in all',
    },
    votes: {
      type: 'number',
      min: 0.5,
      max: 50,
      default: 2,
      title: 'Lead needed',
      description: 'By how much the weighted votes for one direction must outweigh those for the other',
    },
    ...Object.fromEntries(voters.map(({ strategy, weight }) => [weight, weightOf(strategy)])),
  },
  check: (params) =>
    voters.some(({ weight }) => weightIn(params, weight) > 0)
      ? []
      : [{ path: 'votes', message: 'can never be reached while every weight is 0' }],
  warmUp: () => warmUp,
  memory: ({ window }) => memory + window - 1,
  init: ({ window }) => ({
    voters: voters.map(({ strategy, params }) => strategy.init(params)),
    calls: Array.from({ length: window }, () => 0),
    puts: Array.from({ length: window }, () => 0),
    at: 0,
    call: 0,
    put: 0,
    count: 0,
  }),

  step(state, candle, params) {
    // Some voters look at the close only: what another would refuse must not have moved them.
    checkCandle(candle)
    poll(state, candle, params)
    state.count = Math.min(state.count + 1, warmUp)
    const lead = state.call - state.put
    if (state.count < warmUp || Math.abs(lead) < params.votes) return noSignal
    const direction: Direction = lead > 0 ? 'call' : 'put'
    const confidence = Math.abs(lead) / (state.call + state.put)
    return { direction, confidence, reason: `${state.call} votes for CALL, ${state.put} for PUT` }
  },

  indicators: ({ call, put, count }): Record<string, number> =>
    count < warmUp ? {} : { votesCall: call, votesPut: put },
}

/** Asks every voter about the candle; its answers take the place of the oldest. */
function poll(state: State, candle: Candle, params: EnsembleParams): void {
  let call = 0
  let put = 0
  let index = 0
  for (const { strategy, weight, params: own } of voters) {
    const { direction } = strategy.step(voterAt(state, index), candle, own)
    if (direction === 'call') call += weightIn(params, weight)
    else if (direction === 'put') put += weightIn(params, weight)
    index += 1
  }
  state.calls[state.at] = call
  state.puts[state.at] = put
  state.at = state.at + 1 === state.calls.length ? 0 : state.at + 1
  state.call = total(state.calls)
  state.put = total(state.puts)
}

/** States stand in the order of the voters, one for each. */
function voterAt({ voters }: State, index: number): object {
  return voters[index] as object
}

function total(votes: readonly number[]): number {
  let sum = 0
  for (const vote of votes) sum += vote
  return sum
}

function weightIn(params: Readonly<Record<string, number>>, name: string): number {
  return params[name] ?? 0
}

function weightOf({ name }: Strategy): NumberParam {
  return {
    type: 'number',
    min: 0,
    max: 10,
    default: 1,
    title: `Weight of ${name}`,
    description: 'What one of its votes counts; 0 = it is not asked',
  }
}

/** "ema-cross" → "emaCross". */
function camelCase(id: string): string {
  return id.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}
