import { loadConfig } from './config.js'
import { launch } from './launch.js'
import { StartError } from './start-error.js'

/** Behind `npm start`: says what happens in plain lines and ends with one sentence when it cannot go on. */
async function main(): Promise<number> {
  const say = (line: string) => process.stdout.write(`${line}\n`)
  const stopAsked = new Promise<void>((resolve) => {
    process.on('SIGINT', () => resolve())
    process.on('SIGTERM', () => resolve())
    process.on('SIGHUP', () => resolve())
  })
  const keep = pickEnvironment(['PATH', 'HOME', 'LANG', 'TZ', 'NODE_EXTRA_CA_CERTS', 'XDG_RUNTIME_DIR', 'TMPDIR'])
  try {
    await launch(loadConfig(process.env, process.cwd()), { say, stopAsked, baseEnvironment: keep })
    return 0
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    process.stderr.write(`${error.message}\n`)
    return 1
  }
}

/** Children get what any program needs and nothing that happens to be in the shell, such as somebody's keys. */
function pickEnvironment(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
}

process.exitCode = await main()
