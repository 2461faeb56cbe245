/**
 * Adds a new key to the key files: `node main-rotate.js <opening key file> <public key file>`. Restart the API to seal with
 * it; the gateway finds it by itself, and re-seals the stored values.
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
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
