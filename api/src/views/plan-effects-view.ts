import type { http } from '@sath/contracts'
import type { z } from 'zod'
import type { PreviewedPlan } from '../plan-changes/preview-plan.js'

/** What a change of plan does to a bot and to API tokens, with times as ISO 8601. */
export function planEffectsView({
  preview: { positions, ...preview },
  apiTokens,
}: PreviewedPlan): z.infer<typeof http.PlanEffects> {
  return {
    ...preview,
    apiTokens,
    positions: positions.map(({ expiresAt, ...position }) => ({
      ...position,
      expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
    })),
  }
}
