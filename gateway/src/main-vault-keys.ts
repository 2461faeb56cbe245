/**
 * How many stored values each opening key is needed for: `node main-vault-keys.js`, with DATABASE_URL and VAULT_PRIVATE_FILE
 * as the gateway has them. Ends with 0 when that is the current one for all of them.
 */
import { openDatabase, sealsByKey } from '@sath/db'
import { readKeyRing } from '@sath/vault/open'

const { DATABASE_URL: url, VAULT_PRIVATE_FILE: keyFile } = process.env
if (!url || !keyFile) {
  console.error('usage: DATABASE_URL=… VAULT_PRIVATE_FILE=<opening key file> node main-vault-keys.js')
  process.exit(64)
}
try {
  const { current, keys } = await readKeyRing(keyFile)
  const database = openDatabase(url, { max: 1, name: 'sath-vault-keys' })
  const counts = await sealsByKey(database.db).finally(database.close)
  const known = new Set(keys.map(({ id }) => id))
  for (const id of new Set([...known, ...counts.keys()])) {
    const what = id === current ? 'current' : known.has(id) ? 'older' : 'not in the file'
    console.log(`${id}  ${`${counts.get(id) ?? 0}`.padStart(6)} stored values  ${what}`)
  }
  const left = [...counts].reduce((sum, [id, values]) => (id === current ? sum : sum + values), 0)
  console.log(left === 0 ? 'Only the current key is needed.' : `${left} stored values still need another key.`)
  process.exitCode = left === 0 ? 0 : 1
} catch (error) {
  // The query builder's own message is the whole query.
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error
  console.error(reason instanceof Error ? reason.message : reason)
  process.exitCode = 1
}
