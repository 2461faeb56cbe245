import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { coldCopy } from '@sath/embedded-postgres'

const kept = 3
/** Of a whole copy, and of one whose making was cut short. */
const copyName = /^before-migration-\d+-(\d{4}-[\dTZ-]+)(\.new)?$/

/**
 * Copies the stopped server's files to `<home>/backups/` and keeps the newest three copies. Returns where the copy is.
 *
 * @param schema how many migrations the database is about to have
 * @throws EmbeddedPostgresError
 */
export function backUp(home: string, dataDirectory: string, schema: number, now = new Date()): string {
  const folder = join(home, 'backups')
  const target = join(folder, `before-migration-${schema}-${now.toISOString().replace(/[:.]/g, '-')}`)
  coldCopy(dataDirectory, target)
  for (const name of outdated(readdirSync(folder))) rmSync(join(folder, name), { recursive: true, force: true })
  return target
}

/** Which copies go: all halves, and of the whole ones all but the newest. Other files are none of ours. */
export function outdated(names: readonly string[]): string[] {
  const copies = names.flatMap((name) => {
    const [, time = '', half] = copyName.exec(name) ?? []
    return time === '' ? [] : [{ name, time, isHalf: half !== undefined }]
  })
  const whole = copies.filter(({ isHalf }) => !isHalf).sort((a, b) => b.time.localeCompare(a.time))
  return [...copies.filter(({ isHalf }) => isHalf), ...whole.slice(kept)].map(({ name }) => name)
}
