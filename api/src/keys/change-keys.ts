import { randomUUID } from 'node:crypto'
import { AppError } from '@sath/core'
import { type Actor, audit, credentialRepository, type Db, lockBot, strategiesUsing } from '@sath/db'
import type { Sealer } from '@sath/vault/seal'
import { hintOf } from './hint.js'

/** Of all kinds. */
const maxKeys = 50

export interface NewKey {
  readonly kind: 'exchange' | 'ai'
  readonly provider: string
  readonly environment: 'testnet' | 'live' | null
  readonly label: string | null
  readonly credentials: Readonly<Record<string, string>>
}

/** Seals and stores a key; returns its id. @throws AppError not-available (too many keys) */
export function addKey(db: Db, sealer: Sealer, actor: Actor, tenantId: string, key: NewKey): Promise<string> {
  const id = randomUUID()
  return db.transaction(async (tx) => {
    await lockBot(tx, tenantId)
    const keys = credentialRepository(tx, tenantId)
    if ((await keys.count()) >= maxKeys) throw new AppError('not-available', `There are ${maxKeys} keys already.`)
    const { kind, provider, environment, label, credentials } = key
    await keys.add({ id, kind, provider, environment, label, ...seal(sealer, tenantId, id, kind, credentials) })
    await audit(tx, actor, 'key.add', id, { kind, provider, environment })
    return id
  })
}

/**
 * Puts other credentials under the same id.
 *
 * @throws AppError not-found, invalid-request (another broker or environment: that is another key)
 */
export function replaceKey(
  db: Db,
  sealer: Sealer,
  actor: Actor,
  tenantId: string,
  id: string,
  change: {
    readonly broker?: string | undefined
    readonly environment?: 'testnet' | 'live' | undefined
    readonly label?: string | null | undefined
    readonly credentials: Readonly<Record<string, string>>
  },
): Promise<void> {
  return db.transaction(async (tx) => {
    const key = await credentialRepository(tx, tenantId).find(id, 'exchange')
    if (!key) throw new AppError('not-found', 'There is no such key.')
    assertStays('broker', change.broker, key.provider)
    assertStays('environment', change.environment, key.environment)
    const sealed = seal(sealer, tenantId, id, 'exchange', change.credentials)
    const found = await credentialRepository(tx, tenantId).replace(id, { ...sealed, label: change.label })
    if (!found) throw new AppError('not-found', 'There is no such key.')
    await audit(tx, actor, 'key.replace', id)
  })
}

/** Under the bot's row lock: a configuration that begins to name the key is saved before or after, not meanwhile. @throws AppError not-found, in-use */
export function removeKey(db: Db, actor: Actor, tenantId: string, id: string, kind: 'exchange' | 'ai'): Promise<void> {
  return db.transaction(async (tx) => {
    await lockBot(tx, tenantId)
    const keys = credentialRepository(tx, tenantId)
    if (!(await keys.find(id, kind))) throw new AppError('not-found', 'There is no such key.')
    const users = await strategiesUsing(tx, tenantId, id)
    if (users.length > 0)
      throw new AppError('in-use', 'A strategy trades with this key.', {
        errors: users.map((name) => ({ path: '', message: `used by ${name}` })),
      })
    if (!(await keys.remove(id))) throw new AppError('in-use', 'Orders were placed with this key; they need it.')
    await audit(tx, actor, 'key.remove', id)
  })
}

function assertStays(path: string, wanted: string | undefined, present: string | null): void {
  if (wanted === undefined || wanted === present) return
  throw new AppError('invalid-request', 'This is another key; add it as one.', {
    errors: [{ path, message: `stays ${present}` }],
  })
}

function seal(
  sealer: Sealer,
  tenantId: string,
  credentialId: string,
  purpose: string,
  credentials: Readonly<Record<string, string>>,
) {
  const { keyId, sealed } = sealer.seal({ tenantId, credentialId, purpose, secret: JSON.stringify(credentials) })
  return { keyId, sealed, hint: hintOf(credentials) }
}
