import { createHash } from 'node:crypto'

/**
 * What a broker sees of an intent: the same for the same intent, and different for two tenants whatever their bots claim.
 * 36 characters of A-Z a-z 0-9 _ -
 */
export function clientOrderId(tenantId: string, intentId: string): string {
  return `sath${createHash('sha256').update(`${tenantId} ${intentId}`).digest('base64url').slice(0, 32)}`
}
