import { type Decimal, isDecimal, money } from '@sath/core'
import type { BrokerSecret } from '../broker.js'
import type { CredentialTest, Environment } from '../credential-test.js'
import { signedQuery } from './sign.js'

export interface BinanceTestOptions {
  /** Replaces the hosts of both environments, for example http://127.0.0.1:9443 */
  readonly baseUrl?: string
  /** Limit of the whole test, ms. */
  readonly timeoutMs?: number
  readonly now?: () => number
}

const baseUrls: Record<Environment, string> = {
  live: 'https://api.binance.com',
  testnet: 'https://testnet.binance.vision',
}

/** Binance's codes in words. @see https://developers.binance.com/docs/binance-spot-api-docs/errors */
const reasons: Record<number, string> = {
  [-1003]: 'Binance asks for fewer requests: try again in a few minutes',
  [-1021]: 'the clock of this server differs too much from Binance’s',
  [-1022]: 'Binance refuses the signature: the secret does not belong to this API key',
  [-2008]: 'Binance does not know this API key',
  [-2014]: 'Binance refuses the format of the API key',
  [-2015]: 'Binance refuses the API key, the address of this server, or the key’s permissions',
}

interface Answer {
  readonly status: number
  readonly body: unknown
}

/**
 * One signed GET /api/v3/account. Nothing of the credentials, of an error's message or of the answer's text gets into the
 * result: any of them may repeat a key.
 */
export async function testBinanceCredentials(
  environment: Environment,
  secret: BrokerSecret,
  { baseUrl = baseUrls[environment], timeoutMs = 5_000, now = Date.now }: BinanceTestOptions = {},
): Promise<CredentialTest> {
  const signal = AbortSignal.timeout(timeoutMs)
  const { apiKey = '', secret: key = '' } = secret
  const account = (timestamp: number) =>
    get(
      `${baseUrl}/api/v3/account?${signedQuery({ omitZeroBalances: 'true', recvWindow: 5000, timestamp }, key)}`,
      apiKey,
      signal,
    )
  try {
    let answer = await account(now())
    if (field(answer.body, 'code') === -1021) {
      const { body } = await get(`${baseUrl}/api/v3/time`, undefined, signal)
      answer = await account(Number(field(body, 'serverTime')))
    }
    return judge(answer)
  } catch (error) {
    const late = signal.aborted
    return failed(late ? `Binance did not answer within ${timeoutMs} ms` : `Binance cannot be reached${codeOf(error)}`)
  }
}

async function get(url: string, apiKey: string | undefined, signal: AbortSignal): Promise<Answer> {
  const headers = apiKey === undefined ? {} : { 'X-MBX-APIKEY': apiKey }
  const response = await fetch(url, { headers, signal, redirect: 'error' })
  const text = await response.text()
  try {
    return { status: response.status, body: JSON.parse(text) }
  } catch {
    return { status: response.status, body: undefined }
  }
}

function judge({ status, body }: Answer): CredentialTest {
  if (status === 200 && Array.isArray(field(body, 'balances'))) {
    const trades = field(body, 'canTrade') === true
    const balance = usdtOf(body)
    return {
      status: 'ok',
      detail: trades ? 'Binance accepts the key; it may trade' : 'Binance accepts the key; it may only read',
      ...(balance === undefined ? {} : { balance: { amount: balance, currency: 'USDT' } }),
    }
  }
  const code = field(body, 'code')
  if (typeof code === 'number') return failed(reasons[code] ?? `Binance refuses with code ${code}`)
  return failed(`Binance answered with HTTP status ${status}`)
}

function usdtOf(body: unknown): Decimal | undefined {
  const balances = field(body, 'balances') as readonly unknown[]
  const usdt = balances.find((each) => field(each, 'asset') === 'USDT')
  if (usdt === undefined) return '0'
  const [free, locked] = [field(usdt, 'free'), field(usdt, 'locked')]
  if (typeof free !== 'string' || typeof locked !== 'string' || !isDecimal(free) || !isDecimal(locked)) return undefined
  return money.add(free, locked)
}

const failed = (detail: string): CredentialTest => ({ status: 'failed', detail })

/** The operating system's word for it, such as ECONNREFUSED: short capitals, so no key. */
function codeOf(error: unknown): string {
  const code = field(field(error, 'cause'), 'code')
  return typeof code === 'string' && /^[A-Z_]{3,40}$/.test(code) ? ` (${code})` : ''
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
