/** Many bots in one process: real sessions over real sockets, one for each path in the arguments. Tells its parent what they log. */
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { type Connection, keepConnected } from '../connection.js'
import { botSession } from '../session.js'
import { vitals } from '../vitals.js'

const readVitals = vitals()
const open: Connection[] = process.argv.slice(2).map((path) => {
  const told = new Writable({
    write(line, _, done) {
      const { msg, epoch, inMs } = JSON.parse(String(line)) as { msg: string; epoch?: number; inMs?: number }
      process.send?.({ path, msg, epoch, inMs })
      done()
    },
  })
  const log = pino({ level: 'info', base: null }, told)
  const session = botSession(log)
  return keepConnected({
    path,
    bundle: 'crowd',
    session,
    readVitals,
    log,
    onFatal(error) {
      throw error
    },
  })
})
process.once('disconnect', () => {
  for (const connection of open) connection.abort()
  process.exit(0)
})
