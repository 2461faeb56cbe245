/** What is longer is cut; the rest of the line is counted and forgotten. */
export const maxLineBytes = 8 * 1024

/** Cuts bytes into lines. Holds at most one capped line, whatever comes. */
export function lineSplitter(onLine: (text: string, cutBytes: number) => void) {
  let parts: Buffer[] = []
  let held = 0
  let cut = 0

  function keep(bytes: Buffer): void {
    const room = maxLineBytes - held
    const kept = bytes.length > room ? bytes.subarray(0, room) : bytes
    // A copy: the part may be a corner of a large buffer that would stay in memory with it.
    if (kept.length > 0) parts.push(Buffer.from(kept))
    held += kept.length
    cut += bytes.length - kept.length
  }

  function end(): void {
    const text = Buffer.concat(parts).toString('utf8').replace(/\r$/, '')
    const cutBytes = cut
    parts = []
    held = 0
    cut = 0
    if (text !== '') onLine(text, cutBytes)
  }

  return {
    push(data: Buffer): void {
      let from = 0
      for (let at = data.indexOf(0x0a); at !== -1; at = data.indexOf(0x0a, from)) {
        keep(data.subarray(from, at))
        end()
        from = at + 1
      }
      if (from < data.length) keep(data.subarray(from))
    },
    /** The output has ended: what is held is the last line. */
    end,
  }
}
