import { once } from 'node:events'

/** The two streams of a command: the result goes to one, words about it to the other. */
export interface Io {
  /** Writes to stdout; resolves when there is room for more. */
  print(text: string): Promise<void>
  /** One line on stderr. */
  note(line: string): void
  /** The stream for what changes while one looks at it; undefined where nobody looks. */
  readonly terminal: NodeJS.WriteStream | undefined
}

/**
 * The process's own streams. A reader that has seen enough and closes its end (`| head`) is no error: `end` is called, which
 * ends the process with success.
 */
export function processIo({ stdout, stderr }: Pick<NodeJS.Process, 'stdout' | 'stderr'>, end: () => void): Io {
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      end()
    })
  }
  return {
    async print(text) {
      if (!stdout.write(text)) await once(stdout, 'drain')
    },
    note: (line) => void stderr.write(`${line}\n`),
    terminal: stderr.isTTY ? stderr : undefined,
  }
}

/** Rows by the page: a write for each would cost more than the row. */
export function rowWriter(io: Io): { row(text: string): Promise<void> | undefined; end(): Promise<void> } {
  let page = ''
  const flush = () => {
    const text = page
    page = ''
    return io.print(text)
  }
  return {
    row(text) {
      page += `${text}\n`
      return page.length >= 65_536 ? flush() : undefined
    },
    end: flush,
  }
}
