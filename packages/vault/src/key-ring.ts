import { createHash } from 'node:crypto'
import { sodium } from './sodium.js'
import { VaultError } from './vault-error.js'

/** What is needed to seal: safe to hand to the API. */
export interface PublicKeys {
  readonly current: string
  readonly keys: readonly { readonly id: string; readonly publicKey: Uint8Array }[]
}

export interface KeyPair {
  /** First 16 hex digits of the SHA-256 of the public key. */
  readonly id: string
  readonly publicKey: Uint8Array
  readonly privateKey: Uint8Array
}

/** What is needed to open: for the gateway alone. Sealing uses `current`, opening any key that is still here. */
export interface KeyRing {
  readonly current: string
  readonly keys: readonly KeyPair[]
}

export function generateKeyRing(): KeyRing {
  const pair = newPair()
  return { current: pair.id, keys: [pair] }
}

/** The ring with a new current key; values sealed with the others still open. */
export function rotate(ring: KeyRing): KeyRing {
  const pair = newPair()
  return { current: pair.id, keys: [pair, ...ring.keys] }
}

/** The ring without a key: what is still sealed for it is lost. @throws Error when it is the current one, or not there */
export function drop(ring: KeyRing, id: string): KeyRing {
  if (id === ring.current) throw new Error(`${id} is the current key; only an older one can be taken out`)
  const keys = ring.keys.filter((key) => key.id !== id)
  if (keys.length === ring.keys.length) throw new Error(`There is no key ${id} in the file`)
  return { ...ring, keys }
}

export function publicPart({ current, keys }: KeyRing): PublicKeys {
  return { current, keys: keys.map(({ id, publicKey }) => ({ id, publicKey })) }
}

function newPair(): KeyPair {
  const { publicKey, privateKey } = sodium.crypto_box_keypair()
  return { id: keyId(publicKey), publicKey, privateKey }
}

function keyId(publicKey: Uint8Array): string {
  return createHash('sha256').update(publicKey).digest('hex').slice(0, 16)
}

/** The key files: `{version: 1, current, keys: [{id, publicKey, privateKey?}]}`, keys in base64. */
export function formatKeys({ current, keys }: KeyRing | PublicKeys): string {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
  const written = keys.map((key) => ({
    id: key.id,
    publicKey: base64(key.publicKey),
    ...('privateKey' in key && { privateKey: base64(key.privateKey as Uint8Array) }),
  }))
  return `${JSON.stringify({ version: 1, current, keys: written }, null, 2)}\n`
}

/** @throws VaultError bad-key-file */
export function parsePublicKeys(text: string): PublicKeys {
  const { current, keys } = parse(text)
  return { current, keys: keys.map(({ id, publicKey }) => ({ id, publicKey })) }
}

/** @throws VaultError bad-key-file */
export function parseKeyRing(text: string): KeyRing {
  const { current, keys } = parse(text)
  return {
    current,
    keys: keys.map(({ id, publicKey, privateKey }) => {
      if (!privateKey || !matches(publicKey, privateKey))
        throw badFile(`the opening key of ${id} is missing or another's`)
      return { id, publicKey, privateKey }
    }),
  }
}

function matches(publicKey: Uint8Array, privateKey: Uint8Array): boolean {
  return sodium.memcmp(sodium.crypto_scalarmult_base(privateKey), publicKey)
}

function parse(text: string) {
  let file: { version?: unknown; current?: unknown; keys?: { publicKey?: unknown; privateKey?: unknown }[] }
  try {
    file = JSON.parse(text)
  } catch {
    // The parser's own message quotes the file.
    throw badFile('it is not JSON')
  }
  if (file.version !== 1 || !Array.isArray(file.keys)) throw badFile('it is not a key file of version 1')
  const keys = file.keys.map((key) => {
    const publicKey = bytes(key.publicKey)
    return {
      id: keyId(publicKey),
      publicKey,
      privateKey: key.privateKey === undefined ? undefined : bytes(key.privateKey),
    }
  })
  const current = keys.find(({ id }) => id === file.current)?.id
  if (!current) throw badFile('its current key is not among its keys')
  return { current, keys }
}

function bytes(base64: unknown): Uint8Array {
  const decoded = typeof base64 === 'string' ? Buffer.from(base64, 'base64') : undefined
  if (decoded?.length !== sodium.crypto_box_PUBLICKEYBYTES) throw badFile('a key has the wrong length')
  return new Uint8Array(decoded)
}

function badFile(reason: string): VaultError {
  return new VaultError('bad-key-file', `This key file cannot be used: ${reason}`)
}
