import {
  add,
  compare,
  divide,
  type Exact,
  formatDecimal,
  multiply,
  parseDecimal,
  toCents,
} from '../../money/decimal.js'

export interface LadderInput {
  readonly plan: 'none' | 'classic' | 'break-even' | 'target'
  readonly ladder: 'single' | 'dual'
  readonly stake: string
  readonly multiplier: string
  readonly maxLevel: number
  /** Every symbol climbs ladders of its own. At least 1. */
  readonly symbols: number
}

export interface LadderLevel {
  readonly level: number
  readonly stake: string
  /** What the cycle has lost once this level is lost as well. */
  readonly lost: string
  readonly overCap: boolean
}

export interface LadderPreview {
  readonly levels: readonly LadderLevel[]
  /** Ladders that climb independently: two per symbol when dual, else one. */
  readonly ladders: number
  /** Lost when every level of one ladder is lost. */
  readonly perLadder: string
  /** Lost when every ladder loses every level. */
  readonly total: string
  /** Whether that is more than the capital. */
  readonly overCapital: boolean
}

/** Payout that a plan that depends on it is shown with: cautious, a lower one makes higher stakes. */
export const assumedPayout = '0.80'

/**
 * What the ladder may cost at worst, in whole cents, by the rule the bot stakes by. `cap` is the plan's most per trade,
 * null for none. Undefined while the input is not complete.
 */
export function previewLadder(input: LadderInput, capital: string, cap: string | null): LadderPreview | undefined {
  const stake = parseDecimal(input.stake)
  const multiplier = parseDecimal(input.multiplier)
  const highest = input.plan === 'none' ? 0 : input.maxLevel
  if (!stake || stake.units <= 0n || !multiplier || !Number.isInteger(highest) || highest < 0 || highest > 10)
    return undefined
  const most = cap === null ? undefined : parseDecimal(cap)
  const levels: LadderLevel[] = []
  let lost: Exact = { units: 0n, scale: 2 }
  let next = stake
  for (let level = 0; level <= highest; level++) {
    if (level > 0) next = input.plan === 'classic' ? multiply(next, multiplier) : regain(input.plan, stake, lost)
    const cents = toCents(next, 'half-up')
    lost = add(lost, cents)
    const overCap = most !== undefined && compare(cents, most) > 0
    levels.push({ level, stake: formatDecimal(cents), lost: formatDecimal(lost), overCap })
  }
  const ladders = input.symbols * (input.ladder === 'dual' ? 2 : 1)
  const total = multiply(lost, { units: BigInt(ladders), scale: 0 })
  const held = parseDecimal(capital)
  return {
    levels,
    ladders,
    perLadder: formatDecimal(lost),
    total: formatDecimal(total),
    overCapital: held !== undefined && compare(total, held) > 0,
  }
}

/** The stake whose win brings back what was lost, and for `target` the base stake's profit too; rounded up. */
function regain(plan: string, stake: Exact, lost: Exact): Exact {
  const payout = parseDecimal(assumedPayout) ?? { units: 8n, scale: 1 }
  const regained = divide(lost, payout, 18)
  return toCents(plan === 'target' ? add(regained, stake) : regained, 'up')
}
