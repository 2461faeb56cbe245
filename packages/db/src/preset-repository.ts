import { AppError } from '@sath/core'
import { and, asc, eq, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { presets, users } from './schema/index.js'
import { sqlState } from './sql-state.js'

/** Presets that one tenant may save. */
export const maxPresets = 50

export type PresetRow = typeof presets.$inferSelect
export type NewPreset = Pick<PresetRow, 'name' | 'summary' | 'strategy' | 'params' | 'timeframe'>

/** Presets of one tenant. Bound to its tenant at birth, so no query can forget the filter. */
export function presetRepository(db: Db, tenantId: string) {
  const mine = eq(presets.tenantId, tenantId)
  return {
    /** All of them, by name. */
    list(): Promise<PresetRow[]> {
      return db
        .select()
        .from(presets)
        .where(mine)
        .orderBy(asc(sql`lower(${presets.name})`), asc(presets.id))
    },
    /**
     * The tenant's own row is locked, so that requests at the same moment are counted one after the other.
     *
     * @throws AppError invalid-request (the name is taken), in-use (there are too many)
     */
    add(preset: NewPreset): Promise<PresetRow> {
      return db.transaction(async (tx) => {
        await tx.select({ id: users.id }).from(users).where(eq(users.id, tenantId)).for('no key update')
        if ((await tx.$count(presets, mine)) >= maxPresets)
          throw new AppError('in-use', `${maxPresets} presets are saved, which is the most; delete one first.`)
        const [row] = await named(() =>
          tx
            .insert(presets)
            .values({ ...preset, tenantId })
            .returning(),
        )
        if (!row) throw new Error('the insert returned nothing')
        return row
      })
    },
    /** Undefined: there is no such preset. @throws AppError invalid-request (the name is taken) */
    async replace(id: string, preset: NewPreset): Promise<PresetRow | undefined> {
      const [row] = await named(() =>
        db
          .update(presets)
          .set({ ...preset, updatedAt: sql`now()` })
          .where(and(mine, eq(presets.id, id)))
          .returning(),
      )
      return row
    },
    /** False: there is no such preset. */
    async remove(id: string): Promise<boolean> {
      const rows = await db
        .delete(presets)
        .where(and(mine, eq(presets.id, id)))
        .returning({ id: presets.id })
      return rows.length > 0
    },
  }
}
export type PresetRepository = ReturnType<typeof presetRepository>

/** A name that is taken is the user's to change. */
async function named<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (sqlState(error) !== '23505') throw error
    throw new AppError('invalid-request', 'You have a preset of this name already.', {
      errors: [{ path: 'name', message: 'is taken; choose another' }],
    })
  }
}
