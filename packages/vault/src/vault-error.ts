export type VaultFault = 'unknown-key' | 'damaged' | 'unknown-format' | 'wrong-context' | 'bad-key-file'

/** Why a sealed value is not opened, or a key file not used. Messages carry ids, never a secret. */
export class VaultError extends Error {
  override readonly name = 'VaultError'
  readonly code: VaultFault

  constructor(code: VaultFault, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
