import type { http } from '@sath/contracts'
import type { ApiTokenRow } from '@sath/db'

export function apiTokenView({ id, name, scope, hint, ...row }: ApiTokenRow): http.ApiToken {
  return {
    id,
    name,
    scope,
    hint,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  }
}
