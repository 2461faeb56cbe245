import { AppError } from '@sath/core'
import type { FastifyInstance } from 'fastify'

/** Deeper JSON than this is nobody's configuration. */
const maxDepth = 24
/** PostgreSQL stores no zero byte, and no half of a surrogate pair in JSON. */
const unstorable = /[\0\p{Surrogate}]/u

/** Refuses, before any schema is asked, text that the database cannot store and JSON that is nested without end. */
export function refuseUnstorable(app: FastifyInstance): void {
  app.addHook('preValidation', async (request) => {
    for (const part of [request.params, request.query, request.body]) {
      const fault = findFault(part)
      if (fault) throw new AppError('invalid-request', 'The request is not valid.', { errors: [fault] })
    }
  })
}

/** Walks with a list of its own: recursion would end where a stranger wants it to. */
function findFault(root: unknown): { path: string; message: string } | undefined {
  const open: { value: unknown; path: readonly string[] }[] = [{ value: root, path: [] }]
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, path } = next
    if (typeof value === 'string' && unstorable.test(value))
      return { path: path.join('.'), message: 'has characters that cannot be stored' }
    if (typeof value !== 'object' || value === null) continue
    if (path.length >= maxDepth) return { path: '', message: `is nested more than ${maxDepth} deep` }
    for (const [key, inner] of Object.entries(value)) {
      if (unstorable.test(key)) return { path: path.join('.'), message: 'has a name that cannot be stored' }
      open.push({ value: inner, path: [...path, key] })
    }
  }
  return undefined
}
