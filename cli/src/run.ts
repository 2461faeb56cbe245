import { CommanderError } from 'commander'
import { exitCodes, wordsOf } from './bad-input.js'
import type { Io } from './io.js'
import { createProgram } from './program.js'

/** Runs one command line, without the program's own name. Resolves to the exit code; rejects on a fault of ours. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  try {
    await createProgram(io).parseAsync(args, { from: 'user' })
    return exitCodes.ok
  } catch (error) {
    // Commander has said what it has to say; its only end without an error is help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    const words = wordsOf(error)
    if (!words) throw error
    for (const line of words) io.note(`sath: ${line}`)
    return exitCodes.badInput
  }
}
