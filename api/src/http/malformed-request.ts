import type { Socket } from 'node:net'
import { problem, problemType } from './problem.js'

/** Answers bytes that are no HTTP request, before there is a request to hand on. */
export function malformedRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const status = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }[error.code ?? ''] ?? 400
  const body = JSON.stringify(problem(status, 'invalid-request', 'This is not a request we understand.'))
  socket.end(
    `HTTP/1.1 ${status} Bad Request\r\ncontent-type: ${problemType}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}
