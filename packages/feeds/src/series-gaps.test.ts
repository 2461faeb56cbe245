import { readFileSync } from 'node:fs'
import { isTimeframe, timeframeMs } from '@sath/core'
import t from 'tap'
import { candleAt } from './csv.fixture.js'
import { readCandlePages } from './csv-candles.js'
import { createSeriesCounter } from './series-gaps.js'
import { recordedSeries } from './shared-data.fixture.js'

const manifest = recordedSeries('MANIFEST')

t.test(
  'every recording has the rows, gaps and flat bars that its manifest says',
  {
    skip: manifest ? false : 'the recorded series are not here',
  },
  async (t) => {
    const [, ...rows] = readFileSync(manifest!, 'utf8').trim().split('\n')
    // Bid and ask side by side are no candles.
    const described = rows.map((row) => row.split(',')).filter(([file]) => !file!.endsWith('_bidask.csv'))
    t.equal(described.length, 25)
    for (const [file = '', bars, first, last, gaps, missing, biggest, flat, silent] of described) {
      const timeframe = file.split('_')[1]!
      const counter = createSeriesCounter(isTimeframe(timeframe) ? timeframeMs(timeframe) : Number.NaN)
      for await (const page of readCandlePages(recordedSeries(file.replace('.csv', ''))!)) page.forEach(counter.push)
      const facts = counter.facts()
      t.same(
        [
          `${facts.bars}`,
          utc(facts.first),
          utc(facts.last),
          `${facts.gaps}`,
          `${facts.missingBars}`,
          facts.biggestGap ? `${utc(facts.biggestGap.after)} -> ${utc(facts.biggestGap.before)}` : '',
          `${facts.flatBars}`,
          `${facts.zeroVolumeBars}`,
        ],
        [bars, first, last, gaps, missing, biggest, flat, silent],
        file,
      )
    }
  },
)

function utc(time: number | undefined): string {
  return new Date(time ?? Number.NaN).toISOString().slice(0, 16).replace('T', ' ')
}

t.test('names the first of the longest gaps', async (t) => {
  const counter = createSeriesCounter(60_000)
  t.match(counter.facts(), { bars: 0, gaps: 0, first: undefined, biggestGap: undefined })
  for (const minute of [0, 3, 4, 7, 9]) counter.push(candleAt(minute))
  t.match(counter.facts(), {
    bars: 5,
    gaps: 3,
    missingBars: 5,
    biggestGap: { after: candleAt(0).time, before: candleAt(3).time, missing: 2 },
    flatBars: 5,
    zeroVolumeBars: 0,
  })
})
