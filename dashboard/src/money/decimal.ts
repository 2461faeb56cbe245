/** An exact decimal: `units` × 10^-`scale`. Money is never a float here. */
export interface Exact {
  readonly units: bigint
  /** Digits after the point, 0 or more. */
  readonly scale: number
}

const shape = /^-?(0|[1-9]\d{0,17})(\.\d{1,18})?$/

/** Whether the text is a decimal as the API takes it: no exponent, no leading zeros, at most 18 digits on either side. */
export function isDecimal(text: string): boolean {
  return shape.test(text)
}

/** The number a decimal text means; undefined when it is not one. */
export function parseDecimal(text: string): Exact | undefined {
  if (!isDecimal(text)) return undefined
  const [whole = '0', fraction = ''] = text.split('.')
  return { units: BigInt(whole + fraction), scale: fraction.length }
}

export function formatDecimal({ units, scale }: Exact): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0')
  const sign = units < 0n ? '-' : ''
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/** "85" % as the share "0.85"; undefined for what is not a decimal. */
export function shareOfPercent(text: string): string | undefined {
  const percent = parseDecimal(text)
  return percent && formatDecimal({ units: percent.units, scale: percent.scale + 2 })
}

/** The share "0.85" as "85" %; undefined for what is not a decimal. */
export function percentOfShare(text: string): string | undefined {
  const share = parseDecimal(text)
  if (!share) return undefined
  const percent = formatDecimal({ units: share.units * 100n, scale: share.scale })
  return percent.includes('.') ? percent.replace(/\.?0+$/, '') : percent
}

export function add(a: Exact, b: Exact): Exact {
  const scale = Math.max(a.scale, b.scale)
  return { units: at(a, scale) + at(b, scale), scale }
}

export function multiply(a: Exact, b: Exact): Exact {
  return { units: a.units * b.units, scale: a.scale + b.scale }
}

/** `a / b` cut off after `places` digits; both positive. */
export function divide(a: Exact, b: Exact, places: number): Exact {
  return { units: (a.units * 10n ** BigInt(places + b.scale)) / (b.units * 10n ** BigInt(a.scale)), scale: places }
}

/** Negative, 0 or positive. */
export function compare(a: Exact, b: Exact): number {
  const scale = Math.max(a.scale, b.scale)
  const difference = at(a, scale) - at(b, scale)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** A positive number in whole cents: to the nearest, or up. */
export function toCents(a: Exact, mode: 'half-up' | 'up'): Exact {
  if (a.scale <= 2) return { units: at(a, 2), scale: 2 }
  const unit = 10n ** BigInt(a.scale - 2)
  const extra = mode === 'up' ? unit - 1n : unit / 2n
  return { units: (a.units + extra) / unit, scale: 2 }
}

function at({ units, scale }: Exact, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - scale)
}
