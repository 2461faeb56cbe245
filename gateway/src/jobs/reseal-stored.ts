import { type Db, putResealed, type StoredSeal, sealsOfOtherKeys } from '@sath/db'
import { createOpener, type KeyRing, type Opener, publicPart, reseal, type Sealed, VaultError } from '@sath/vault/open'
import { createSealer, type Sealer } from '@sath/vault/seal'
import type { Logger } from 'pino'

/** So many sealed values are held at a time. */
const pageSize = 20

export interface ResealDeps {
  readonly db: Db
  readonly log: Logger
  /** The key ring as it is now: a rotation is found by reading it again. */
  readonly readRing: () => Promise<KeyRing>
}

/**
 * Seals what is stored for the current key, one value after the other, each in one statement: ended at any moment it leaves
 * every value as it was or sealed anew. A value that cannot be opened stays as it is, and the log tells of it once.
 */
export function createResealing({ db, log, readRing }: ResealDeps): (signal: AbortSignal) => Promise<void> {
  /** Told of already, as `<credential id> <key id>`. */
  let told: ReadonlySet<string> = new Set()

  async function freshSeal(seal: StoredSeal, opener: Opener, sealer: Sealer): Promise<Sealed | VaultError | undefined> {
    const context = { tenantId: seal.tenantId, credentialId: seal.id, purpose: seal.kind }
    try {
      return await reseal(opener, sealer, seal, context)
    } catch (error) {
      if (error instanceof VaultError) return error
      throw error
    }
  }

  return async (signal) => {
    const ring = await readRing()
    const [opener, sealer] = [createOpener(ring), createSealer(publicPart(ring))]
    const unopened = new Set<string>()
    const done = { resealed: 0, overtaken: 0 }
    let page: readonly StoredSeal[] = []
    do {
      page = await sealsOfOtherKeys(db, ring.current, { after: page.at(-1)?.id, limit: pageSize })
      for (const seal of page) {
        if (signal.aborted) return
        const fresh = await freshSeal(seal, opener, sealer)
        if (fresh === undefined) continue
        if (fresh instanceof VaultError) {
          const name = `${seal.id} ${seal.keyId}`
          unopened.add(name)
          if (told.has(name)) continue
          const { id: credentialId, tenantId } = seal
          log.error({ tenantId, credentialId, fault: fresh.code }, 'a stored key cannot be opened and stays as it is')
        } else if (await putResealed(db, seal, fresh)) done.resealed++
        else done.overtaken++
      }
    } while (page.length === pageSize)
    told = unopened
    if (done.resealed > 0) log.info({ ...done, unopened: unopened.size }, 'stored keys sealed for the current key')
  }
}
