import type { Db } from './client.js'
import { mailedFacts } from './schema/index.js'

/** Notes what a mail is about, in the transaction that writes the mail. False: it was told already. */
export async function noteMailed(tx: Db, tenantId: string, fact: string): Promise<boolean> {
  const rows = await tx
    .insert(mailedFacts)
    .values({ tenantId, fact })
    .onConflictDoNothing()
    .returning({ fact: mailedFacts.fact })
  return rows.length > 0
}
