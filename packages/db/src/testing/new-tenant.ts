import { randomUUID } from 'node:crypto'
import type { Actor } from '../audit-repository.js'
import type { Db } from '../client.js'
import { userRepository } from '../user-repository.js'

export const nobody: Actor = { id: null, address: null, agent: null }

/** A confirmed user with a stopped bot. Returns the id. */
export async function newTenant(db: Db): Promise<string> {
  const user = await userRepository(db).create({
    email: `${randomUUID()}@example.com`,
    passwordHash: 'x',
    verified: true,
  })
  if (!user) throw new Error('the address is taken')
  return user.id
}

/** The code of the refusal, or "accepted"; of the database, its SQLSTATE. */
export async function verdict(query: Promise<unknown>): Promise<string> {
  try {
    await query
    return 'accepted'
  } catch (error) {
    const { code, cause } = error as { code?: string; cause?: { code?: string } }
    return cause?.code ?? code ?? String(error)
  }
}
