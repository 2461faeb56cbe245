/**
 * Takes an older key out of the key files: `node main-drop.js <opening key file> <public key file> <key id>`. What is still
 * sealed for it can never be opened again: ask `gateway/src/main-vault-keys.ts` before.
 */
import { dropFromKeyFiles } from './key-files.js'

const [opening, publicFile, id] = process.argv.slice(2)
if (!opening || !publicFile || !id) {
  console.error('usage: node main-drop.js <opening key file> <public key file> <key id>')
  process.exit(64)
}
try {
  const { keys } = await dropFromKeyFiles({ opening, public: publicFile }, id)
  console.log(`The key ${id} is gone; in the file ${keys.length === 1 ? 'is 1 key' : `are ${keys.length} keys`}.`)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
