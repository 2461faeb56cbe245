import { createHmac } from 'node:crypto'

/**
 * A signed query for Binance: parameters percent-encoded in their order, with the HMAC-SHA256 over exactly that text
 * appended as `signature`.
 *
 * @see https://developers.binance.com/docs/binance-spot-api-docs/rest-api/request-security
 */
export function signedQuery(params: Readonly<Record<string, string | number>>, secret: string): string {
  const query = Object.entries(params)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&')
  return `${query}&signature=${createHmac('sha256', secret).update(query).digest('hex')}`
}
