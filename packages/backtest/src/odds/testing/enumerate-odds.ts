import type { Odds, OddsInput } from '../odds-input.js'

interface Rung {
  readonly level: number
  readonly lost: number
  readonly base: number
}

interface Path {
  readonly balance: number
  readonly rungs: readonly Rung[]
  readonly cycles: number
  readonly trades: number
  readonly gales: number
  readonly busts: number
  readonly turnover: number
}

const ground: Rung = { level: 0, lost: 0, base: 0 }
/** Far above the noise of a few sums, far below a cent. */
const hair = 1e-6

/**
 * Odds of a tiny configuration, by walking every path it can take. The rules are told again here, signal by signal and with
 * nothing merged, so that both ways of computing odds can be held against them. Needs trades, or no ties.
 */
export function enumerateOdds(input: OddsInput): Odds {
  const ends: { readonly path: Path; readonly final: number; readonly p: number }[] = []
  const walk = (path: Path, p: number): void => {
    if (p === 0) return
    const done = path.cycles === input.cycles || path.trades === input.trades
    const ways = done ? undefined : signals(input, path)
    if (!ways) ends.push({ path, final: path.balance, p })
    else
      for (const way of ways) {
        if (way.ended) ends.push({ path: way.path, final: way.path.balance, p: p * way.p })
        else walk(way.path, p * way.p)
      }
  }
  const rungs = input.ladder === 'dual' ? [ground, ground] : [ground]
  walk({ balance: input.capital, rungs, cycles: 0, trades: 0, gales: 0, busts: 0, turnover: 0 }, 1)
  const mean = (of: (end: (typeof ends)[number]) => number) => ends.reduce((sum, end) => sum + end.p * of(end), 0)
  const meanFinal = mean(({ final }) => final)
  return {
    mean: meanFinal,
    sd: Math.sqrt(mean(({ final }) => (final - meanFinal) ** 2)),
    pProfit: mean(({ final }) => (final > input.capital + hair ? 1 : 0)),
    pRuin: mean(({ final }) => (isRuined(input, final) ? 1 : 0)),
    meanTrades: mean(({ path }) => path.trades),
    meanGales: mean(({ path }) => path.gales),
    meanBusts: mean(({ path }) => path.busts),
    meanTurnover: mean(({ path }) => path.turnover),
  }
}

interface Way {
  readonly path: Path
  readonly p: number
  readonly ended: boolean
}

/** What the next signal may lead to. */
function signals(input: OddsInput, path: Path): Way[] {
  return path.rungs.flatMap((rung, side) => {
    const p = 1 / path.rungs.length
    const put = (change: Partial<Path>, next: Rung): Path => ({
      ...path,
      ...change,
      rungs: path.rungs.with(side, next),
    })
    if (rung.level === 0 && isRuined(input, path.balance)) return [{ path, p, ended: true }]
    const base = rung.level === 0 ? baseOf(input, path.balance) : rung.base
    const stake = stakeOf(input, { ...rung, base })
    if (path.balance < stake - hair)
      return [{ path: put({ cycles: path.cycles + 1, busts: path.busts + 1 }, ground), p, ended: false }]
    const gales = path.gales + (rung.level > 0 ? 1 : 0)
    const made = { trades: path.trades + 1, gales, turnover: path.turnover + stake }
    const [won, lost] = [path.balance + input.payout * stake, path.balance - stake]
    const bust = rung.level + 1 > input.maxGales
    const ways = [
      { path: put({ ...made, balance: won, cycles: path.cycles + 1 }, ground), p: input.winRate },
      { path: put(made, { ...rung, base }), p: input.tieRate },
      {
        path: bust
          ? put({ ...made, balance: lost, cycles: path.cycles + 1, busts: path.busts + 1 }, ground)
          : put({ ...made, balance: lost }, { level: rung.level + 1, lost: rung.lost + stake, base }),
        p: Math.max(0, 1 - input.winRate - input.tieRate),
      },
    ]
    return ways.map((way) => ({ path: way.path, p: p * way.p, ended: isStopped(input, way.path.balance) }))
  })
}

function isStopped({ stopLoss = -1, takeProfit = Infinity }: OddsInput, balance: number): boolean {
  return balance < stopLoss + hair || balance > takeProfit - hair
}

function isRuined(input: OddsInput, balance: number): boolean {
  const base = baseOf(input, balance)
  return base < hair || balance < base - hair
}

function baseOf(input: OddsInput, balance: number): number {
  return taken(input, typeof input.stake === 'number' ? input.stake : input.stake.fraction * balance)
}

function stakeOf(input: OddsInput, { level, lost, base }: Rung): number {
  if (level === 0 || input.plan === 'FLAT') return base
  if (input.plan === 'X2') return taken(input, base * 2 ** level)
  return taken(input, (input.plan === 'TP' ? lost + input.payout * base : lost) / input.payout, true)
}

function taken({ rounding, minStake, maxStake }: OddsInput, wanted: number, up = false): number {
  let stake = wanted
  if (rounding === 'cents') {
    const cents = Number((wanted * 100).toFixed(6))
    stake = (up ? Math.ceil(cents) : Math.floor(cents + 0.5)) / 100
  }
  if (minStake !== undefined && stake < minStake) stake = minStake
  if (maxStake !== undefined && stake > maxStake) stake = maxStake
  return stake
}
