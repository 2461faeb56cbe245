/** What a program of Sath is to whoever started it, from its start to its end. */
export interface Program {
  /** Is called when the program ends; what was opened last is closed first. A close that fails stops no other. */
  onEnd(close: () => unknown): void
  /** Tells the launcher, where one started us. Settles once it is told, or cannot be. */
  tell(message: { readonly sath: 'ready' | 'notice' | 'fatal' } & Readonly<Record<string, unknown>>): Promise<void>
  /** Closes everything and exits; only the first call counts. */
  end(exitCode: number): Promise<void>
  /** Ends by a failure that is explained and no bug: said once, without a stack. */
  fatal(message: string): Promise<void>
}

/**
 * The frame of a program's main: runs it until a signal, the end of its launcher, or a failure of `run` ends it, and then
 * closes in reverse what it has opened. Exits 0 when it was asked to end, 1 when it failed.
 *
 * @param isExplained whether a failure's message says all there is to say; of others the stack is printed, and the launcher
 * hears nothing but the exit. Default: every failure to start is explained.
 */
export async function runProgram(
  run: (program: Program) => Promise<void>,
  { isExplained = () => true }: { readonly isExplained?: (error: unknown) => boolean } = {},
): Promise<void> {
  const closers: (() => unknown)[] = []
  let ending = false

  const program: Program = {
    onEnd: (close) => void closers.push(close),
    tell: (message) =>
      new Promise((resolve) => {
        if (process.send) process.send(message, undefined, undefined, () => resolve())
        else resolve()
      }),
    async end(exitCode) {
      if (ending) return
      ending = true
      for (const close of closers.reverse()) {
        try {
          await close()
        } catch {
          // The others are to be closed all the same, and we are leaving.
        }
      }
      process.exit(exitCode)
    },
    async fatal(message) {
      process.stderr.write(`${message}\n`)
      await program.tell({ sath: 'fatal', message })
      await program.end(1)
    },
  }

  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(signal, () => program.end(0))
  // A launcher that died before this line tells nobody any more.
  if (process.send && !process.connected) await program.end(0)
  try {
    await run(program)
  } catch (error) {
    if (isExplained(error)) return program.fatal(error instanceof Error ? error.message : String(error))
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
    await program.end(1)
  }
}
