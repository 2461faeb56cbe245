import { VaultError } from './vault-error.js'

/** To what a secret belongs. It is sealed in beside the secret, so a sealed value does not open in another row. */
export interface SealContext {
  readonly tenantId: string
  readonly credentialId: string
  /** What it may be used for, for example `exchange` or `ai`. */
  readonly purpose: string
}

/** A sealed secret as it is stored. */
export interface Sealed {
  /** Which key opens it. */
  readonly keyId: string
  readonly sealed: Uint8Array
}

const formatVersion = 1

/**
 * The plaintext of a sealed box: one byte version, then tenant id, credential id and purpose, each UTF-8 behind its length
 * (two bytes, big endian), then the secret. Bytes and not JSON, so that no string of the secret stays behind in memory.
 */
export function pack(context: SealContext, secret: Uint8Array): Uint8Array {
  const header = headerOf(context)
  const packed = new Uint8Array(header.length + secret.length)
  packed.set(header)
  packed.set(secret, header.length)
  return packed
}

/**
 * The secret inside, a view of the same memory.
 *
 * @throws VaultError unknown-format, wrong-context
 */
export function unpack(packed: Uint8Array, context: SealContext): Uint8Array {
  if (packed[0] !== formatVersion) {
    throw new VaultError(
      'unknown-format',
      `This sealed value has format ${packed[0]}, and only ${formatVersion} is known here`,
    )
  }
  const header = headerOf(context)
  if (!Buffer.from(header).equals(packed.subarray(0, header.length))) {
    throw new VaultError(
      'wrong-context',
      `This sealed value was not made for credential ${context.credentialId} (${context.purpose}) of tenant ${context.tenantId}`,
    )
  }
  return packed.subarray(header.length)
}

/** Lengths come before the words, so no two contexts have headers of which one begins the other. */
function headerOf({ tenantId, credentialId, purpose }: SealContext): Uint8Array {
  const parts = [tenantId, credentialId, purpose].flatMap((word) => {
    const bytes = Buffer.from(word, 'utf8')
    const length = Buffer.alloc(2)
    length.writeUInt16BE(bytes.length)
    return [length, bytes]
  })
  return Buffer.concat([Buffer.of(formatVersion), ...parts])
}
