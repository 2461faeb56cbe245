import { processIo } from './io.js'
import { run } from './run.js'

/**
 * Behind `npm run sath`. Ctrl-C has no handler: a computation would not let one run, and the system's own way ends it at
 * once, with what shells call 130.
 */
const io = processIo(process, () => process.exit())
process.exitCode = await run(process.argv.slice(2), io)
