import t from 'tap'
import { createSourceClock } from './source-clock.js'

t.test('the source’s time goes on between the times that it says', async (t) => {
  let monotonic = 5_000
  const clock = createSourceClock(() => monotonic)
  t.equal(clock.now(), undefined, 'nobody knows before it has spoken')
  clock.heard(1_000_000)
  monotonic += 300
  t.equal(clock.now(), 1_000_300)
  clock.heard(1_000_100)
  t.equal(clock.now(), 1_000_300, 'a word that was on its way for long sets nothing back')
  clock.heard(5_000_000)
  t.equal(clock.now(), 5_000_000, 'we have slept')
  monotonic += 40
  clock.answered(1_000_340, 25)
  t.equal(clock.now(), 1_000_365, 'an answer is the truth, as late as it may have come')
})
