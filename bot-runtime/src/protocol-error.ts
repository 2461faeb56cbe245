/** The other side does not speak our protocol. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
}
