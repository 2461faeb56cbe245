import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { installDebianPackages } from './debian-packages.mjs'
import { prepare } from './prepare.mjs'
import { root, say } from './step.mjs'
import { startServices } from './test-services.mjs'

/** From a clone to the table; answers with the exit code. */
export async function runBench() {
  process.chdir(root)
  await installDebianPackages(['docker.io'])
  if (!(await prepare())) return 1
  let bench
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => bench?.kill(signal))
  const services = await startServices({ database: false })
  try {
    if (!services.env.SATH_TEST_DOCKER_HOST) {
      say('The bench needs Docker, and none answers: install it, or name one in DOCKER_HOST.')
      return 1
    }
    bench = spawn(process.execPath, ['bench/build/main.js'], { stdio: 'inherit', env: services.env, detached: true })
    const [code] = await once(bench, 'exit')
    return code ?? 1
  } finally {
    await services.stop()
  }
}
