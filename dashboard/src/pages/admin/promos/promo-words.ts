import type { PromoCode, PromoType } from '../../../api/types.js'
import type { Tone } from '../../../parts/tone.js'

export const promoTypes: Readonly<Record<PromoType, string>> = {
  reseller: 'Reseller',
  agent: 'Agent',
  courtesy: 'Courtesy',
}

/** Whether somebody can still redeem it. `now` in epoch ms. */
export function promoState(
  { active, uses, maxUses, expiresAt }: PromoCode,
  now: number,
): readonly [Tone | 'none', string] {
  if (!active) return ['none', 'Inactive']
  if (expiresAt !== null && Date.parse(expiresAt) <= now) return ['none', 'Expired']
  return uses >= maxUses ? ['none', 'Used up'] : ['good', 'Active']
}
