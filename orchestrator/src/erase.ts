import { rm } from 'node:fs/promises'
import { destroyKeys, eraseTenant, ordersAreQuiet } from '@sath/db'
import { tenantDir } from './logs/log-files.js'
import type { Office } from './office.js'
import type { Taken } from './take.js'

/**
 * Erases a tenant whose bot has ended with proof: keys first, so that whatever interrupts us, nothing can be opened any
 * more; then files; the rows last, because they are what tells the next try that there is something left to do. Every part
 * may be repeated.
 */
export async function eraseBot(office: Office, tenantId: string): Promise<Taken> {
  if (!(await ordersAreQuiet(office.db, tenantId)))
    return {
      lookInMs: 5_000,
      note: { type: 'erasing', reason: 'orders', message: 'Orders or options of this account are not final yet.' },
    }
  await destroyKeys(office.db, tenantId)
  await office.logs.close(tenantId)
  await rm(tenantDir(office.tenantsDir, tenantId), { recursive: true, force: true })
  if (await eraseTenant(office.db, tenantId)) office.log.info({ tenantId }, 'tenant erased')
  return 'again'
}
