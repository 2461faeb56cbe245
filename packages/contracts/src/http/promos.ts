import { z } from 'zod'
import { PlanId } from './admin.js'
import { EffectivePlan, Grant } from './billing.js'
import { Id, pageQuery, Time } from './common.js'

/** Read in any case, kept in upper case. */
const Code = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z0-9][A-Z0-9-]{2,39}$/, 'must be 3 to 40 letters, digits and hyphens')
  .meta({ examples: ['SPRING-2027'] })
/** ISO 8601 with a zone. */
const Moment = z.iso.datetime({ offset: true }).meta({ examples: ['2099-01-01T00:00:00Z'] })

export const promoTypes = ['reseller', 'agent', 'courtesy'] as const
const given = {
  type: z.enum(promoTypes),
  plan: PlanId,
  days: z.int().min(1).max(3660),
  maxUses: z.int().min(1).max(1_000_000),
  /** Null: never. */
  expiresAt: Moment.nullable().optional(),
  active: z.boolean().optional(),
  note: z.string().trim().max(500).nullable().optional(),
}
/** Without a code Sath makes one up. */
export const NewPromoCodeBody = z.strictObject({ code: Code.optional(), ...given })
/** What it gives from now on; what it has given stays. */
export const EditPromoCodeBody = z
  .strictObject({ code: Code, ...z.strictObject(given).partial().shape })
  .refine((body) => Object.keys(body).length > 1, 'must change something')
export const PromoCode = z
  .object({
    code: z.string(),
    type: z.enum(promoTypes),
    plan: z.string(),
    days: z.int(),
    maxUses: z.int(),
    uses: z.int(),
    expiresAt: Time.nullable(),
    active: z.boolean(),
    note: z.string().nullable(),
    createdBy: Id.nullable(),
    createdAt: Time,
  })
  .meta({ id: 'PromoCode' })
export const PromoCodesQuery = z.strictObject({
  ...pageQuery,
  active: z.enum(['true', 'false']).optional(),
})
export const PromoCodeParams = z.strictObject({ code: Code })
export const Redemption = z.object({
  userId: Id,
  email: z.string(),
  redeemedAt: Time,
  /** When its days run. */
  startsAt: Time,
  endsAt: Time.nullable(),
})

export const RedeemPromoBody = z.strictObject({
  code: z
    .string()
    .trim()
    .toUpperCase()
    .min(1)
    .max(100)
    .meta({ examples: ['SPRING-2027'] }),
})
/** The plan in force after it; `grant`: what the code gave, which may begin later. */
export const Redeemed = EffectivePlan.extend({ grant: Grant })
