import { ensureWallClockDays, leavingTenants, logRetentionDays, type UnfinishedRun } from '@sath/db'
import { eraseBot } from './erase.js'
import { removeOldLogs, tenantsWithLogs } from './logs/log-files.js'
import type { Office } from './office.js'
import { removeSocketDir, socketDirs } from './socket-dirs.js'

/** People who leave: those with a bot are handled by its passes, the others at once. */
export async function eraseLeavers(office: Office): Promise<void> {
  for (const { id, hasBot } of await leavingTenants(office.db)) {
    if (hasBot) office.look(id)
    else await eraseBot(office, id)
  }
}

/** Socket directories that no unfinished run and no container has had in two checks. */
export function socketDirSweeper(office: Office) {
  let suspects: ReadonlySet<string> = new Set()
  return async () => {
    const runs = new Set((await office.runs.unfinished(office.node)).map((run) => run.id))
    const containers = new Set((await office.engine.list()).map((one) => one.runId))
    const orphans = (await socketDirs(office.socketRoot)).filter((id) => !runs.has(id) && !containers.has(id))
    await Promise.all(orphans.filter((id) => suspects.has(id)).map((id) => removeSocketDir(office.socketRoot, id)))
    suspects = new Set(orphans)
  }
}

/** Images of earlier versions, once a bot has come to run with the present one: until then they are the way back. */
export async function removeOldImages({ engine, image, log, node, runs }: Office): Promise<void> {
  const proven = (run: UnfinishedRun) => run.phase === 'running' && run.imageId === image.id
  if (image.id === undefined || !(await runs.unfinished(node)).some(proven)) return
  const removed = await engine.removeOldImages()
  if (removed.length > 0) log.info({ removed }, 'images of earlier versions removed')
}

/** What follows the calendar: partitions of the days to come, log files that the plan keeps no longer. */
export async function keepTime(office: Office): Promise<void> {
  await ensureWallClockDays(office.db, office.now())
  const tenants = await tenantsWithLogs(office.tenantsDir)
  for (const [tenantId, days] of await logRetentionDays(office.db, tenants))
    await removeOldLogs(office.tenantsDir, tenantId, days, office.now())
}
