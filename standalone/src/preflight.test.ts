import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, type Teardown } from '@sath/testkit'
import t from 'tap'
import { loadConfig } from './config.js'
import { readyKeys } from './keys.js'
import { preflight } from './preflight.js'

function home(t: Teardown): string {
  const folder = mkdtempSync(join(tmpdir(), 'sath-home-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

t.test('a port in use is one sentence with the way out', async (t) => {
  const port = await freePort()
  const other = createServer().listen(port, '127.0.0.1')
  t.teardown(() => other.close())
  await new Promise((resolve) => other.once('listening', resolve))
  const folder = home(t)
  const config = loadConfig(
    { PORT: String(port), SATH_HOME: folder, SATH_TENANTS_DIR: join(folder, 't'), SATH_SOCKET_ROOT: join(folder, 's') },
    '/',
  )
  await t.rejects(preflight(config), {
    name: 'StartError',
    message: `Port ${port} on 127.0.0.1 is in use; stop what uses it, or set PORT to another.`,
  })
})

t.test('a folder that cannot be made is named', async (t) => {
  const folder = home(t)
  writeFileSync(join(folder, 'file'), '')
  const config = loadConfig({ SATH_HOME: join(folder, 'file', 'home') }, '/')
  await t.rejects(preflight(config), { name: 'StartError', message: /Cannot make the folder .*file\/home/ })
})

t.test('keys are made once, for this user only', async (t) => {
  const folder = home(t)
  const files = await readyKeys(folder)
  const first = Object.values(files).map((file) => readFileSync(file, 'utf8'))
  t.same(
    Object.values(await readyKeys(folder)).map((file) => readFileSync(file, 'utf8')),
    first,
    'a second start keeps them',
  )
  for (const secret of [files.vaultPrivate, files.jwtSecret]) t.equal(statSync(secret).mode & 0o777, 0o600, secret)
})
