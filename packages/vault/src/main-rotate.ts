/**
 * Adds a new key to the key files: `node main-rotate.js <opening key file> <public key file>`. Restart the API to seal with
 * it; the gateway finds it within a minute and seals the stored values for it. How many still need an older key:
 * `gateway/src/main-vault-keys.ts`.
 */
import { rotateKeyFiles } from './key-files.js'

const [opening, publicFile] = process.argv.slice(2)
if (!opening || !publicFile) {
  console.error('usage: node main-rotate.js <opening key file> <public key file>')
  process.exit(64)
}
try {
  const { current } = await rotateKeyFiles({ opening, public: publicFile })
  console.log(`The current key is now ${current}.`)
  console.log('Restart the API, so that it seals for it. The gateway seals the stored values for it within a minute.')
  console.log('Whether an older key is still needed says gateway/build/main-vault-keys.js.')
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
