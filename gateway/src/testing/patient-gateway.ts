/** A gateway as a process of its own, to be killed, that waits for its bots however busy the machine is. */
import { memoryBus } from '@sath/bus'
import { openDatabase } from '@sath/db'
import { openFeed } from '@sath/feeds'
import pino from 'pino'
import { openGateway } from '../gateway.js'

const [url = '', socketRoot = '', node = '', feedSpec = ''] = process.argv.slice(2)
const patienceMs = 30_000

const { feed } = await openFeed(feedSpec)
await openGateway({
  database: openDatabase(url, { name: 'patient-gateway', max: 20 }),
  bus: memoryBus(),
  metrics: { write: () => {}, flush: async () => {}, close: async () => {}, dropped: 0 },
  feed,
  node,
  socketRoot,
  log: pino({ level: 'warn' }, pino.destination(2)),
  keyTests: async () => {},
  timing: { lockStepMs: patienceMs, returnWithinMs: patienceMs },
})
process.send?.('ready')
process.once('disconnect', () => process.exit(0))
