import { type CredentialTest, testCredentials } from '@sath/brokers'
import { brokerAccounts, type ClaimedJob, claimJob, credentials, type Db, finishJob } from '@sath/db'
import type { Opener } from '@sath/vault/open'
import { and, eq, sql } from 'drizzle-orm'
import type { Logger } from 'pino'

/** Longer than any test takes; then somebody else may try. */
const claimSeconds = 60

export interface KeyTestDeps {
  readonly db: Db
  readonly log: Logger
  readonly opener: Opener
  readonly owner: string
  readonly options?: Parameters<typeof testCredentials>[3]
}

/** Tries the keys that people asked to have tried. The opened key exists only while its broker is asked. */
export async function runKeyTests(deps: KeyTestDeps): Promise<void> {
  for (;;) {
    const job = await claimJob(deps.db, { kinds: ['key-test'], owner: deps.owner, seconds: claimSeconds })
    if (!job) return
    const result = await tryKey(job, deps)
    const ended = await finishJob(deps.db, job, {
      status: 'done',
      result: { status: result.status, detail: result.detail },
    })
    deps.log.info({ tenantId: job.tenantId, jobId: job.id, status: result.status, ended }, 'key tested')
  }
}

async function tryKey(job: ClaimedJob, { db, log, opener, options }: KeyTestDeps): Promise<CredentialTest> {
  const credentialId = job.input.credentialId
  if (typeof credentialId !== 'string') return { status: 'failed', detail: 'the test names no key' }
  const mine = and(eq(credentials.id, credentialId), eq(credentials.tenantId, job.tenantId))
  const [row] = await db
    .select({
      kind: credentials.kind,
      provider: credentials.provider,
      environment: credentials.environment,
      keyId: credentials.keyId,
      sealed: credentials.sealed,
      savedAt: credentials.updatedAt,
    })
    .from(credentials)
    .where(mine)
  if (!row) return { status: 'failed', detail: 'there is no such key any more' }
  const result = await open(row).catch((error: unknown): CredentialTest => {
    // The message of an error may repeat what was opened; its kind does not.
    log.error(
      { tenantId: job.tenantId, credentialId, fault: error instanceof Error ? error.name : 'unknown' },
      'a key could not be opened',
    )
    return { status: 'failed', detail: 'the stored key could not be opened; store it again' }
  })
  await db
    .update(credentials)
    .set({
      status: result.status,
      lastTestAt: sql`now()`,
      lastTestDetail: result.detail,
      ...(result.status === 'ok' ? { lastConnectedAt: sql`now()` } : {}),
    })
    // The same key that was tried, sealed anew or not, and no other that its owner saved meanwhile.
    .where(and(mine, eq(credentials.updatedAt, row.savedAt)))
  if (result.balance) await storeBalance(db, job.tenantId, credentialId, result.balance)
  return result

  async function open({
    kind,
    provider,
    environment,
    keyId,
    sealed,
  }: NonNullable<typeof row>): Promise<CredentialTest> {
    if (kind === 'ai') return { status: 'failed', detail: 'not-available: Sath does not use AI keys yet' }
    const context = { tenantId: job.tenantId, credentialId: credentialId as string, purpose: kind }
    return await opener.use({ keyId, sealed }, context, async (secret) =>
      testCredentials(provider, environment ?? 'testnet', JSON.parse(Buffer.from(secret).toString('utf8')), options),
    )
  }
}

async function storeBalance(
  db: Db,
  tenantId: string,
  credentialId: string,
  { amount, currency }: NonNullable<CredentialTest['balance']>,
): Promise<void> {
  await db
    .insert(brokerAccounts)
    .values({ tenantId, account: credentialId, credentialId, currency, startBalance: amount, balance: amount })
    .onConflictDoUpdate({
      target: [brokerAccounts.tenantId, brokerAccounts.account],
      set: { balance: amount, currency, updatedAt: sql`now()` },
    })
}
