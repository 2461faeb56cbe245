import { money } from '@sath/core'
import type { CredentialRepository } from '@sath/db'

type KeyRow = NonNullable<Awaited<ReturnType<CredentialRepository['find']>>>

export function exchangeKeyView(row: KeyRow) {
  return {
    ...keyView(row),
    broker: row.provider,
    environment: row.environment ?? ('testnet' as const),
    balance:
      row.balance === null || row.currency === null || row.balanceAt === null
        ? null
        : { amount: money.add(row.balance, '0'), currency: row.currency, at: row.balanceAt.toISOString() },
    lastConnectedAt: row.lastConnectedAt?.toISOString() ?? null,
  }
}

export function aiKeyView(row: KeyRow) {
  return { ...keyView(row), provider: row.provider }
}

function keyView(row: KeyRow) {
  return {
    id: row.id,
    label: row.label,
    hint: row.hint,
    status: row.status,
    lastTest: row.lastTestAt ? { at: row.lastTestAt.toISOString(), detail: row.lastTestDetail ?? '' } : null,
    createdAt: row.createdAt.toISOString(),
  }
}
