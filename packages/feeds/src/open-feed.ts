import { resolve } from 'node:path'
import { createBinanceFeed } from './binance.js'
import { type BinanceUrls, binanceUrls, createBinanceClient } from './binance-client.js'
import type { Feed } from './feed.js'
import { openReplay } from './replay.js'
import { parseFeedSpec } from './spec.js'
import { createSyntheticFeed, defaultSeed } from './synthetic.js'

export interface OpenFeedOptions {
  /** Folder that relative file names start from; absent: the working directory. */
  readonly baseDir?: string
  readonly binance?: BinanceUrls
}

export interface OpenedFeed {
  readonly feed: Feed
  /** One sentence for the log and the page: which feed, and why. */
  readonly reason: string
}

/** How long `auto` waits for Binance, ms. */
const probeMs = 3_000
/** Limit of one REST call, ms. */
const restMs = 10_000

/** Opens the feed that SATH_FEED names. @throws Error in words for whoever set it */
export async function openFeed(text: string, options: OpenFeedOptions = {}): Promise<OpenedFeed> {
  const spec = parseFeedSpec(text)
  switch (spec.kind) {
    case 'replay': {
      const files = spec.files.map((file) => resolve(options.baseDir ?? '.', file))
      return { feed: await openReplay({ files, speed: spec.speed }), reason: `replay of ${spec.files.join(', ')}` }
    }
    case 'synthetic':
      return { feed: createSyntheticFeed(spec), reason: 'synthetic candles, as configured: no market' }
    case 'binance':
      return { feed: await openBinance(options), reason: 'candles of Binance Spot, as configured' }
    case 'auto':
      return openWhatAnswers(options)
  }
}

async function openBinance({ binance = binanceUrls }: OpenFeedOptions): Promise<Feed> {
  return createBinanceFeed(await createBinanceClient(binance, restMs))
}

async function openWhatAnswers(options: OpenFeedOptions): Promise<OpenedFeed> {
  const urls = options.binance ?? binanceUrls
  try {
    const probe = await createBinanceClient(urls, probeMs)
    await probe.serverTime()
    return { feed: await openBinance(options), reason: 'candles of Binance Spot: it answers' }
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error)
    const feed = createSyntheticFeed({ seed: defaultSeed })
    return { feed, reason: `synthetic candles: Binance does not answer (${why})` }
  }
}
