import type { LogEntry } from './container-engine.js'

/** A frame longer than this is no frame: the stream is out of step. Docker cuts at 16 KiB. */
const maxFrameBytes = 1024 * 1024

/**
 * Takes Docker's multiplexed output apart: frames of 8 bytes (stream, three zeros, length) and a payload that begins with its
 * time stamp. Pulls, so that a slow reader slows Docker down and nothing piles up here (docker-modem's demuxStream pushes).
 */
export async function* readFrames(stream: AsyncIterable<Buffer>): AsyncGenerator<LogEntry> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of stream) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let offset = 0
    while (rest.length - offset >= 8) {
      const length = rest.readUInt32BE(offset + 4)
      if (length > maxFrameBytes) throw new Error('the log stream is out of step')
      if (rest.length - offset - 8 < length) break
      yield entry(rest[offset] === 2 ? 'stderr' : 'stdout', rest.subarray(offset + 8, offset + 8 + length))
      offset += 8 + length
    }
    rest = rest.subarray(offset)
  }
}

function entry(stream: LogEntry['stream'], payload: Buffer): LogEntry {
  const space = payload.indexOf(0x20)
  return { stream, at: payload.toString('latin1', 0, space), data: payload.subarray(space + 1) }
}
