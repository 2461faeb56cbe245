/**
 * Writes the key files where there are none: `node main-keys.js <opening key file> <public key file>`. Existing keys are
 * kept, so it may run at every start.
 */
import { createKeyFiles } from './key-files.js'

const [opening, publicFile] = process.argv.slice(2)
if (!opening || !publicFile) {
  console.error('usage: node main-keys.js <opening key file> <public key file>')
  process.exit(64)
}
try {
  const { current } = await createKeyFiles({ opening, public: publicFile })
  console.log(`The current key is ${current}.`)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
