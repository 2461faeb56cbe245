import { seededRandom } from './seeded-random.js'

/** Makes ids as Stripe writes them: `cus_` and 24 letters and digits. */
export type NewId = (prefix: string, length?: number) => string

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** The same seed gives the same ids in the same order. */
export function idSource(seed: number): NewId {
  const random = seededRandom(seed)
  return (prefix, length = 24) => {
    let id = prefix
    for (let i = 0; i < length; i++) id += alphabet.charAt(Math.floor(random() * alphabet.length))
    return id
  }
}
