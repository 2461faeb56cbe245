import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { installDebianPackages } from './debian-packages.mjs'
import { prepare } from './prepare.mjs'
import { root, say } from './step.mjs'
import { startServices } from './test-services.mjs'

/** From a clone to the table; answers with the exit code. `parts`: only these, by name; empty: all. */
export async function runBench(parts) {
  process.chdir(root)
  const needsDocker = parts.length === 0 || parts.includes('system')
  if (needsDocker) await installDebianPackages(['docker.io'])
  if (!(await prepare())) return 1
  let bench
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => bench?.kill(signal))
  const services = await startServices({ database: false })
  try {
    if (needsDocker && !services.env.SATH_TEST_DOCKER_HOST) {
      say('The bench needs Docker, and none answers: install it, or name one in DOCKER_HOST.')
      return 1
    }
    bench = spawn(process.execPath, ['bench/build/main.js', ...parts], {
      stdio: 'inherit',
      env: services.env,
      detached: true,
    })
    const [code] = await once(bench, 'exit')
    return code ?? 1
  } finally {
    await services.stop()
  }
}
