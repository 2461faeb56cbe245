import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createAdminEntry } from './programs.js'
import { StartError } from './start-error.js'

/** What was made, or undefined when a superadmin existed already. */
export interface FirstAdmin {
  readonly email: string
  /** Present when it was generated, and then shown once. */
  readonly password?: string
}

/**
 * Makes the first superadmin, already verified, unless there is one. The API's own command does it, because passwords are
 * its business; the secret goes through standard input, never through the environment or the arguments.
 *
 * @throws StartError
 */
export async function firstAdmin(
  admin: { readonly email: string; readonly password: string | undefined },
  env: Readonly<Record<string, string>>,
): Promise<FirstAdmin | undefined> {
  const password = admin.password ?? randomBytes(15).toString('base64url')
  const answer = await runCommand(JSON.stringify({ email: admin.email, password }), env)
  if (!answer.created) return undefined
  return admin.password === undefined ? { email: admin.email, password } : { email: admin.email }
}

function runCommand(input: string, env: Readonly<Record<string, string>>): Promise<{ created: boolean }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [createAdminEntry], { env, stdio: ['pipe', 'pipe', 'pipe'] })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk) => {
      out += chunk
    })
    child.stderr.on('data', (chunk) => {
      err += chunk
    })
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve(JSON.parse(out) as { created: boolean })
      else reject(new StartError(`The first admin cannot be made: ${err.trim() || `exit code ${code}`}`))
    })
    child.stdin.end(input)
  })
}
