import { parseArgs } from 'node:util'
import { AppError, botExitCodes } from '@sath/core'
import { type Connection, keepConnected } from './connection.js'
import { botLogger } from './logger.js'
import { botSession } from './session.js'
import { vitals } from './vitals.js'

/** Put in by the bundler: what these bytes are. */
declare const SATH_BUNDLE: string | undefined

const { log, flush } = botLogger('info')
let connection: Connection | undefined
let ending = false

/** The first reason to end is the one that counts. */
async function end(exitCode: number, lastWords: () => void): Promise<void> {
  if (ending) return
  ending = true
  lastWords()
  connection?.abort()
  await flush()
  process.exit(exitCode)
}

function fail(error: unknown): Promise<void> {
  return error instanceof AppError
    ? end(botExitCodes.badConfig, () => log.fatal({ errors: error.errors }, 'cannot run this configuration'))
    : end(1, () => log.fatal({ err: error }, 'crashed'))
}

process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)

/** Runs until a signal, the end of its parent where that is asked for, or a failure. */
function run(path: string, lifeline: boolean): void {
  const session = botSession(log)
  const bundle = typeof SATH_BUNDLE === 'string' ? SATH_BUNDLE : 'development'
  const open = keepConnected({ path, bundle, session, readVitals: vitals(), log, onFatal: fail })
  connection = open

  let stopping = false
  const stop = async (reason: string) => {
    if (stopping) return
    stopping = true
    session.drain()
    log.info({ reason }, 'stopping')
    await open.close()
    await end(botExitCodes.clean, () => log.info('stopped'))
  }
  process.on('SIGTERM', () => stop('SIGTERM'))
  process.on('SIGINT', () => stop('SIGINT'))
  if (lifeline) process.stdin.resume().on('close', () => stop('the parent has gone'))
}

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'log-level': { type: 'string', default: 'info' },
      // The process ends when its stdin does: without a container nothing else would end it with its parent.
      lifeline: { type: 'boolean', default: false },
    },
  })
  log.level = values['log-level']
  run(positionals[0] ?? '/run/sath/bot.sock', values.lifeline)
} catch (error) {
  const usage = 'bot [socket] [--log-level <level>] [--lifeline]'
  end(botExitCodes.badConfig, () => log.fatal({ err: error, usage }, 'cannot run these arguments'))
}
