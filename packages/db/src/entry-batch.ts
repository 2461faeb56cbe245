import { money } from '@sath/core'
import { sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { commitDecisions, type DecisionWrite, slotKey } from './decision-repository.js'
import { entryStandings, utcDay } from './entry-facts.js'
import { type EntryFacts, entryRefusal } from './entry-limits.js'
import { decisionOf, type EntryResult, type EntryWish, insertEntries, questionOf } from './entry-repository.js'

export interface Entry {
  readonly decision: DecisionWrite
  readonly wish: EntryWish
}

/**
 * Writes the entries of many bots in one transaction, by the rules of `commitEntry`: the same locks, limits and fence. Results
 * in the order of the entries. `undefined`: it needs a transaction of its own, because somebody else holds its bot's lock, or
 * because the fence will probably say no, which would undo the others. At most one entry per slot.
 *
 * @throws whatever the database has against any of them; nothing is written then
 */
export async function commitEntries(db: Db, entries: readonly Entry[]): Promise<(EntryResult | undefined)[]> {
  return await db.transaction(async (tx) => {
    const locked = await lockFreeBots(tx, entries)
    const ours = entries.filter(({ wish }) => locked.has(wish.tenantId))
    // A statement of its own: only what is read after the lock is sure to see what others wrote under it.
    const standings =
      ours.length > 0
        ? await entryStandings(
            tx,
            ours.map(({ wish }) => questionOf(wish)),
          )
        : []
    const results = new Map<Entry, EntryResult>()
    const entered: EntryWish[] = []
    for (const [at, entry] of ours.entries()) {
      const standing = standings[at]
      if (!standing?.passes) continue
      const refusal = entryRefusal(entry.wish, afterOthers(entry.wish, standing.facts, entered))
      if (!refusal) entered.push(entry.wish)
      results.set(entry, refusal ? { kind: 'refused', ...refusal } : { kind: 'entered' })
    }
    await insertEntries(tx, entered)
    await saveDecisions(tx, results)
    return entries.map((entry) => results.get(entry))
  })
}

/** Those that somebody else has locked are left out: who waits for one would make all the others wait. */
async function lockFreeBots(tx: Db, entries: readonly Entry[]): Promise<ReadonlySet<string>> {
  const ids = [...new Set(entries.map(({ wish }) => wish.tenantId))]
  const rows = await tx.execute<{ tenantId: string }>(sql`
    select b.tenant_id as "tenantId" from bots b
    where b.tenant_id in (select id::uuid from json_array_elements_text(${JSON.stringify(ids)}::json) as asked(id))
    order by b.tenant_id for update of b skip locked`)
  return new Set(rows.map(({ tenantId }) => tenantId))
}

/** The facts as they are once the same bot's entries before this one are written. */
function afterOthers(wish: EntryWish, facts: EntryFacts, before: readonly EntryWish[]): EntryFacts {
  const mine = before.filter(({ tenantId }) => tenantId === wish.tenantId)
  const { from, to } = wish.days.signal
  const ofUtcDay = mine.filter(({ signalTime }) => utcDay(signalTime) === utcDay(wish.signalTime))
  const ofDay = mine.filter(({ signalTime }) => signalTime >= from && signalTime < to)
  return {
    ...facts,
    tradesOfUtcDay: facts.tradesOfUtcDay + ofUtcDay.length,
    tradesOfDay: facts.tradesOfDay + ofDay.length,
    atStake: mine.reduce((sum, { stake }) => money.add(sum, stake), facts.atStake),
  }
}

/** @throws Error when one of them is not the bot's to make any more, which cannot be under its lock and epoch */
async function saveDecisions(tx: Db, results: ReadonlyMap<Entry, EntryResult>): Promise<void> {
  if (results.size === 0) return
  const writes = [...results].map(([{ decision, wish }, result]) => decisionOf(decision, wish, result))
  const saved = await commitDecisions(tx, writes)
  const lost = writes.find((write) => !saved.has(slotKey(write)))
  if (lost) throw new Error(`the decision of ${slotKey(lost)} was not stored`)
}
