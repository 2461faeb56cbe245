import { checkOdds, exactOdds, type MonteCarlo, type Odds, type OddsInput, simulate } from '@sath/backtest'
import type { Command } from 'commander'
import { BadInput } from '../bad-input.js'
import type { Io } from '../io.js'
import { numberOf } from '../option-values.js'
import { createProgress } from '../progress.js'
import { oddsText } from './odds-text.js'

interface Options {
  readonly plan: string
  readonly capital: string
  readonly stake: string
  readonly winRate: string
  readonly payout: string
  readonly gales: string
  readonly cycles?: string
  readonly trades?: string
  readonly ladder: string
  readonly tieRate: string
  readonly stopLoss?: string
  readonly takeProfit?: string
  readonly rounding: string
  readonly minStake?: string
  readonly maxStake?: string
  readonly scenarios: string
  readonly seed: string
  readonly exact?: true
  readonly json?: true
}

/** What a simulation came to; `monteCarlo` is not there without scenarios, `exact` not unless it was asked for. */
export interface SimulateResult {
  readonly monteCarlo?: MonteCarlo
  readonly exact?: Odds
}

const help = `
Stakes after k losses of a cycle that lost C so far, s being the base stake and p the payout: FLAT s, X2 s × 2^k,
BE C ÷ p (a win ends the cycle at nothing lost), TP C ÷ p + s (a win earns p × s). With --json: {"monteCarlo", "exact"}.

The win rate is put in, not measured; "sath backtest" measures one.

Examples:
  sath simulate --plan BE --capital 3500 --stake 20 --payout 0.8 --gales 6 --cycles 60 --win-rate 0.8 --exact
  sath simulate --plan X2 --capital 1000 --stake 1% --gales 3 --trades 500 --win-rate 0.5 --seed 7 --json`

export function addSimulate(program: Command, io: Io): void {
  program
    .command('simulate')
    .description('print what to expect of a stake plan at a given win rate')
    .requiredOption('--plan <plan>', 'how stakes grow after a loss: BE, TP, FLAT or X2')
    .requiredOption('--capital <amount>', 'balance before the first trade')
    .requiredOption('--stake <amount>', 'base stake; 1% = of the balance as each cycle begins')
    .requiredOption('--win-rate <share>', 'probability of a win, 0.8 = 80 %')
    .option('--payout <share>', 'profit of a win per unit staked', '0.85')
    .option('--gales <n>', 'highest level that is staked', '2')
    .option('--cycles <n>', 'length of a scenario, in cycles (default: 100, without --trades)')
    .option('--trades <n>', 'length of a scenario, in trades')
    .option('--ladder <ladder>', 'single, or dual: one for CALL and one for PUT', 'single')
    .option('--tie-rate <share>', 'probability of a tie, which is refunded', '0')
    .option('--stop-loss <balance>', 'balance at which a scenario ends')
    .option('--take-profit <balance>', 'balance at which a scenario ends')
    .option('--rounding <rounding>', 'stakes as computed (none) or in cents', 'none')
    .option('--min-stake <amount>', 'least stake')
    .option('--max-stake <amount>', 'largest stake')
    .option('--scenarios <n>', 'scenarios drawn at random; 0 with --exact: none', '10000')
    .option('--seed <n>', 'the same seed gives the same answer', '1')
    .option('--exact', 'exact odds beside it, by dynamic programming')
    .option('--json', 'print JSON')
    .addHelpText('after', help)
    .action((options: Options) => printOdds(options, io))
}

async function printOdds(options: Options, io: Io): Promise<void> {
  const input = oddsInput(options)
  const drawn = input.scenarios > 0 || !options.exact
  // Exact odds have no use for scenarios, but they are asked for with the same input.
  const checked = drawn ? input : { ...input, scenarios: 1 }
  const faults = checkOdds(checked)
  if (faults.length > 0) {
    throw new BadInput(faults.map(({ path, message }) => `${optionOf(path)}: ${wordsFor(path, message)}`).join('; '))
  }
  const progress = createProgress(io, 'simulating')
  try {
    const hooks = { onProgress: progress.update }
    const result: SimulateResult = {
      ...(drawn ? { monteCarlo: simulate(checked, hooks) } : {}),
      ...(options.exact ? { exact: exactOdds(checked, hooks) } : {}),
    }
    progress.stop()
    await io.print(`${options.json ? JSON.stringify(result, null, 2) : oddsText(checked, result)}\n`)
  } finally {
    progress.stop()
  }
}

/** The input of a simulation; its ranges are checked by checkOdds. @throws BadInput for what is no number */
function oddsInput(options: Options): OddsInput {
  const number = (name: keyof Options) => numberOf(optionOf(name), String(options[name]))
  const optional = (name: keyof Options) => (options[name] === undefined ? {} : { [name]: number(name) })
  const share = /^(.+)%$/.exec(options.stake)?.[1]
  const length = options.cycles === undefined && options.trades === undefined ? { cycles: 100 } : {}
  return {
    plan: options.plan.toUpperCase() as OddsInput['plan'],
    ladder: options.ladder as OddsInput['ladder'],
    rounding: options.rounding as OddsInput['rounding'],
    capital: number('capital'),
    stake: share === undefined ? number('stake') : { fraction: numberOf('--stake', share) / 100 },
    payout: number('payout'),
    winRate: number('winRate'),
    tieRate: number('tieRate'),
    maxGales: number('gales'),
    ...length,
    ...optional('cycles'),
    ...optional('trades'),
    ...optional('stopLoss'),
    ...optional('takeProfit'),
    ...optional('minStake'),
    ...optional('maxStake'),
    seed: number('seed'),
    scenarios: number('scenarios'),
  }
}

/** A share is written with a percent sign here. */
function wordsFor(path: string, message: string): string {
  return path === 'stake'
    ? 'must be an amount from 0.01 to 1000000000, or a share of the balance from 0.01% to 100%'
    : message
}

/** What the command line calls a field. */
function optionOf(path: string): string {
  const name = path === 'maxGales' ? 'gales' : path
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}
