import { ProtocolError } from './protocol-error.js'

/**
 * Splits a byte stream into lines of UTF-8, without their newlines; empty ones are skipped. Holds back at most `maxBytes` of
 * an unfinished line.
 *
 * @throws ProtocolError when a line is longer than `maxBytes`; the splitter is of no use afterwards
 */
export function lineSplitter(maxBytes: number, onLine: (line: string) => void): (chunk: Buffer) => void {
  let parts: Buffer[] = []
  let held = 0
  const take = (part: Buffer) => {
    held += part.length
    if (held > maxBytes) throw new ProtocolError(`a line is longer than ${maxBytes} bytes`)
    parts.push(part)
  }
  return (chunk) => {
    let start = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      take(chunk.subarray(start, end))
      start = end + 1
      const line = (parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)).toString('utf8')
      parts = []
      held = 0
      if (line !== '') onLine(line)
    }
    if (start < chunk.length) take(chunk.subarray(start))
  }
}
