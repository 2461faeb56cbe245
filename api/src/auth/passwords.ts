import { type Algorithm, hash, verify } from '@node-rs/argon2'

/** OWASP's second choice for argon2id: 19 MiB, two passes, one lane. */
const options = { algorithm: 2 as Algorithm.Argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** PHC string. Runs in the thread pool. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, options)
}

let nobody: Promise<string> | undefined

/** Without a hash it still works as long, against one that no password has, and answers false. */
export async function passwordFits(password: string, passwordHash: string | undefined): Promise<boolean> {
  nobody ??= hashPassword(crypto.randomUUID())
  const fits = await verify(passwordHash ?? (await nobody), password).catch(() => false)
  return fits && passwordHash !== undefined
}
