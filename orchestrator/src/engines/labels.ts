/** The only labels a bot's container carries. */
export const labels = {
  installation: 'sath.installation',
  tenant: 'sath.tenant',
  run: 'sath.run',
  epoch: 'sath.epoch',
} as const

export interface Identity {
  readonly tenantId: string
  readonly runId: string
  readonly epoch: number
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Whose container this is; undefined for what does not carry proper labels, which then is nobody's. */
export function readLabels(found: Readonly<Record<string, string>> | null | undefined): Identity | undefined {
  const tenantId = found?.[labels.tenant] ?? ''
  const runId = found?.[labels.run] ?? ''
  const epoch = Number(found?.[labels.epoch])
  if (!uuid.test(tenantId) || !uuid.test(runId) || !Number.isSafeInteger(epoch) || epoch < 1) return undefined
  return { tenantId, runId, epoch }
}
