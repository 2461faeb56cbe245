/** Entry point of the gateway, which alone may open. The linter keeps it out of every other program. */
import { type SealContext, type Sealed, unpack } from './envelope.js'
import type { KeyRing } from './key-ring.js'
import type { Sealer } from './seal.js'
import { sodium } from './sodium.js'
import { VaultError } from './vault-error.js'

export type { SealContext, Sealed } from './envelope.js'
export { createKeyFiles, type KeyFiles, readKeyRing, rotateKeyFiles } from './key-files.js'
export {
  formatKeys,
  generateKeyRing,
  type KeyPair,
  type KeyRing,
  parseKeyRing,
  publicPart,
  rotate,
} from './key-ring.js'
export { VaultError, type VaultFault } from './vault-error.js'

export interface Opener {
  /**
   * Opens a value for as long as `use` runs and zeroes it afterwards, also when `use` throws. Whoever makes a string of it
   * makes a copy that nobody can zero.
   *
   * @throws VaultError unknown-key, damaged, unknown-format, wrong-context
   */
  use<T>(sealed: Sealed, context: SealContext, use: (secret: Uint8Array) => Promise<T>): Promise<T>
}

/** `reload` is asked for the newest ring when a value needs a key that is not here, as after a rotation. */
export function createOpener(keyRing: KeyRing, options: { reload?: () => Promise<KeyRing> } = {}): Opener {
  let ring = keyRing
  const find = (id: string) => ring.keys.find((key) => key.id === id)

  async function keyFor(id: string) {
    if (!find(id) && options.reload) ring = await options.reload()
    const key = find(id)
    if (!key) throw new VaultError('unknown-key', `There is no key ${id} here to open this value with`)
    return key
  }

  return {
    async use({ keyId, sealed }, context, use) {
      const { publicKey, privateKey } = await keyFor(keyId)
      let packed: Uint8Array
      try {
        packed = sodium.crypto_box_seal_open(sealed, publicKey, privateKey)
      } catch (cause) {
        throw new VaultError('damaged', `The sealed value of credential ${context.credentialId} is damaged`, { cause })
      }
      try {
        return await use(unpack(packed, context))
      } finally {
        sodium.memzero(packed)
      }
    },
  }
}

/** The value sealed anew with the sealer's key; undefined when it already is. */
export async function reseal(
  opener: Opener,
  sealer: Sealer,
  sealed: Sealed,
  context: SealContext,
): Promise<Sealed | undefined> {
  if (sealed.keyId === sealer.keyId) return undefined
  return await opener.use(sealed, context, async (secret) => sealer.seal({ ...context, secret }))
}
