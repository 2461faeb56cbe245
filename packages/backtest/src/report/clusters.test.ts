import t from 'tap'
import type { BacktestTrade } from '../run/backtest-trade.js'
import { createClusters, designEffect } from './clusters.js'
import { amountsOf } from './tally.js'
import { trade } from './trade.fixture.js'

type Status = BacktestTrade['status']

/** One moment after the other, with the trades that enter at it. */
function effectOf(moments: readonly (readonly Status[])[]) {
  const clusters = createClusters()
  moments.forEach((statuses, time) => {
    for (const status of statuses) {
      clusters.opened(time)
      clusters.closed(time, amountsOf(trade({ status })))
    }
  })
  return designEffect([clusters.sums()])
}

const [win, loss]: [Status, Status] = ['win', 'loss']

t.test('trades that each have their moment count in full', (t) => {
  const { winRate, meanReturn } = effectOf([[win], [loss], [win], [win]])
  t.ok(Math.abs(winRate - 1) < 1e-9 && Math.abs(meanReturn - 1) < 1e-9)
  t.end()
})

t.test('the same trade twice counts once, thrice a third', (t) => {
  const twice = effectOf([
    [win, win],
    [loss, loss],
    [win, win],
  ])
  t.ok(Math.abs(twice.winRate - 2) < 1e-9 && Math.abs(twice.meanReturn - 2) < 1e-9)
  const thrice = effectOf([
    [win, win, win],
    [loss, loss, loss],
  ])
  t.ok(Math.abs(thrice.winRate - 3) < 1e-9)
  t.end()
})

t.test('a moment half of whose trades win is worked by hand', (t) => {
  // Rate 3/6; the groups miss their share by +1, 0, -1 …: (2-1)² + (1-1)² + (0-1)² = 2, single values 6 · ¼ = 1.5.
  const { winRate } = effectOf([
    [win, win],
    [win, loss],
    [loss, loss],
  ])
  t.ok(Math.abs(winRate - 2 / 1.5) < 1e-9)
  t.end()
})

t.test('trades against each other never count for more than they are', (t) => {
  const { winRate } = effectOf([
    [win, loss],
    [win, loss],
  ])
  t.equal(winRate, 1)
  t.end()
})

t.test('where all won, each moment counts as one', (t) => {
  t.equal(effectOf([[win, win], [win]]).winRate, 5 / 3)
  t.same(effectOf([]), { winRate: 1, meanReturn: 1 })
  t.same(effectOf([['cancelled', 'cancelled']]), { winRate: 1, meanReturn: 1 })
  t.end()
})

t.test('a moment is complete only when its last trade has closed', (t) => {
  const clusters = createClusters()
  const close = (time: number, status: Status) => clusters.closed(time, amountsOf(trade({ status })))
  clusters.opened(1)
  clusters.opened(1)
  close(1, win)
  clusters.opened(2)
  close(2, loss)
  clusters.opened(3)
  close(1, win)
  close(3, 'cancelled')
  // Two wins of one moment and a loss: (2 - 4/3)² + (0 - 2/3)² = 8/9 over 3 · 2/9.
  t.ok(Math.abs(designEffect([clusters.sums()]).winRate - 4 / 3) < 1e-9)
  t.end()
})

t.test('samples together are as one', (t) => {
  const [one, two, all] = [createClusters(), createClusters(), createClusters()]
  for (let time = 0; time < 40; time++) {
    for (const clusters of [time < 15 ? one : two, all]) {
      for (let n = 0; n < 3; n++) {
        clusters.opened(time)
        clusters.closed(time, amountsOf(trade({ status: (time * 7) % 5 < 2 && n > 0 ? 'loss' : 'win' })))
      }
    }
  }
  const [parts, whole] = [designEffect([one.sums(), two.sums()]), designEffect([all.sums()])]
  t.ok(Math.abs(parts.winRate - whole.winRate) < 1e-9 && whole.winRate > 1)
  t.ok(Math.abs(parts.meanReturn - whole.meanReturn) < 1e-9)
  t.end()
})
