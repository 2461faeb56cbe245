/**
 * Makes the first superadmin: `{"email", "password"}` on standard input, DATABASE_URL in the environment. Prints
 * `{"created": true|false}`; false when there is one already. Safe to repeat.
 */
import { text } from 'node:stream/consumers'
import { http } from '@sath/contracts'
import { openDatabase } from '@sath/db'
import { z } from 'zod'
import { createFirstAdmin } from './accounts/create-first-admin.js'

const Input = z.object({ email: http.Email, password: z.string().min(1).max(200) })

try {
  const parsed = Input.safeParse(JSON.parse(await text(process.stdin)))
  if (!parsed.success)
    throw new Error(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '))
  const database = openDatabase(process.env.DATABASE_URL ?? '', { max: 2, name: 'sath-create-admin' })
  try {
    const created = await createFirstAdmin(database.db, parsed.data)
    process.stdout.write(`${JSON.stringify({ created })}\n`)
  } finally {
    await database.close()
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'unknown fault'}\n`)
  process.exitCode = 1
}
