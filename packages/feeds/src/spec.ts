import { defaultSeed } from './synthetic.js'

/** What SATH_FEED asks for. */
export type FeedSpec =
  | { readonly kind: 'auto' }
  | { readonly kind: 'binance' }
  | { readonly kind: 'synthetic'; readonly seed: number; readonly speed: number | undefined }
  | { readonly kind: 'replay'; readonly files: readonly string[]; readonly speed: number }

/**
 * Reads `auto`, `binance`, `synthetic[?seed=N][&speed=N]` or `replay:<csv>[,<csv>…][?speed=N]`.
 * @throws Error in words for whoever set it
 */
export function parseFeedSpec(text: string): FeedSpec {
  const [head = '', query = '', ...more] = text.split('?')
  if (more.length > 0) throw new Error(`"${text}" has more than one "?"`)
  const params = new URLSearchParams(query)
  if (head === 'auto' || head === 'binance') {
    allow(params, head, [])
    return { kind: head }
  }
  if (head === 'synthetic') {
    allow(params, head, ['seed', 'speed'])
    return { kind: head, seed: seedOf(params), speed: speedOf(params) }
  }
  if (head.startsWith('replay:')) {
    allow(params, 'replay', ['speed'])
    const files = head.slice('replay:'.length).split(',')
    if (files.some((file) => file.trim() === '')) throw new Error('replay: needs a file, as in replay:BTCUSDT_M1.csv')
    return { kind: 'replay', files, speed: speedOf(params) ?? 1 }
  }
  throw new Error(`"${text}" is not a feed: use auto, binance, synthetic or replay:<csv>[,<csv>…][?speed=N]`)
}

function allow(params: URLSearchParams, feed: string, names: readonly string[]): void {
  for (const name of params.keys()) {
    if (!names.includes(name)) throw new Error(`the ${feed} feed has no option "${name}"`)
  }
}

function speedOf(params: URLSearchParams): number | undefined {
  const text = params.get('speed')
  if (text === null) return undefined
  const speed = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0
  if (!(speed > 0)) throw new Error(`speed must be a positive number of candles a second, not "${text}"`)
  return speed
}

function seedOf(params: URLSearchParams): number {
  const text = params.get('seed')
  if (text === null) return defaultSeed
  const seed = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (!(seed <= 0xffff_ffff)) throw new Error(`seed must be a whole number up to 4294967295, not "${text}"`)
  return seed
}
