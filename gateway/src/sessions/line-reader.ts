import { StringDecoder } from 'node:string_decoder'

export interface LineReader {
  /** Takes bytes in and hands out each whole line. False: a line is longer than allowed; what was read is given up. */
  push(chunk: Buffer): boolean
}

/** Splits a stream into lines and never keeps more than one line's worth of bytes. `onLine` may answer false to end it. */
export function createLineReader(maxBytes: number, onLine: (line: string) => boolean): LineReader {
  const decoder = new StringDecoder('utf8')
  let rest: string[] = []
  let restBytes = 0
  return {
    push(chunk) {
      let from = 0
      for (;;) {
        const end = chunk.indexOf(0x0a, from)
        const part = chunk.subarray(from, end < 0 ? undefined : end)
        restBytes += part.length
        if (restBytes > maxBytes) {
          rest = []
          return false
        }
        rest.push(decoder.write(part))
        if (end < 0) return true
        const line = rest.join('')
        rest = []
        restBytes = 0
        from = end + 1
        if (line !== '' && !onLine(line)) return true
      }
    },
  }
}
