import { createHash } from 'node:crypto'

/**
 * The id of the one intent that a tenant's strategy can have for a symbol's candle: asking twice is asking once.
 * A UUID of version 8 over SHA-256. `candleTime` is the open time of the signal bar, epoch ms.
 *
 * @see RFC 9562, appendix B.2
 */
export function intentId(tenantId: string, strategyId: string, symbol: string, candleTime: number): string {
  const bytes = createHash('sha256')
    .update(JSON.stringify([tenantId, strategyId, symbol, candleTime]))
    .digest()
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString('hex', 0, 16)
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
