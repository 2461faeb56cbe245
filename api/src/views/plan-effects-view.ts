import type { http } from '@sath/contracts'
import type { PlanChangePreview } from '@sath/engine'
import type { z } from 'zod'

/** What a change of plan does to a bot, with times as ISO 8601. */
export function planEffectsView({ positions, ...preview }: PlanChangePreview): z.infer<typeof http.PlanEffects> {
  return {
    ...preview,
    positions: positions.map(({ expiresAt, ...position }) => ({
      ...position,
      expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
    })),
  }
}
