/** Entry point of the API: sealing needs public keys only, and nothing here can open. */
import { pack, type SealContext, type Sealed } from './envelope.js'
import type { PublicKeys } from './key-ring.js'
import { sodium } from './sodium.js'

export type { SealContext, Sealed } from './envelope.js'
export { type PublicKeys, parsePublicKeys } from './key-ring.js'

export interface Sealer {
  /** The key that new values are sealed with. */
  readonly keyId: string
  /** Our own copies of the secret are zeroed; the caller's is the caller's. */
  seal(value: SealContext & { readonly secret: string | Uint8Array }): Sealed
}

export function createSealer({ current, keys }: PublicKeys): Sealer {
  const key = keys.find(({ id }) => id === current)
  if (!key) throw new Error(`The current key ${current} is not among the keys`)
  return {
    keyId: current,
    seal({ secret, ...context }) {
      const bytes = typeof secret === 'string' ? sodium.from_string(secret) : secret
      const packed = pack(context, bytes)
      try {
        return { keyId: current, sealed: sodium.crypto_box_seal(packed, key.publicKey) }
      } finally {
        sodium.memzero(packed)
        if (bytes !== secret) sodium.memzero(bytes)
      }
    },
  }
}
