import { oddsPresets, sfc32, simulate } from '@sath/backtest'
import { compared, type Figure } from './figure.js'

const rounds = 9

/** What a Monte Carlo costs beside drawing as many random numbers of the same generator and doing nothing with them. */
export async function oddsSpeed(): Promise<Figure[]> {
  const preset = oddsPresets.find(({ id }) => id === 'classic-80')
  if (!preset) throw new Error('the classic preset is gone')
  const { input } = preset
  const ours: number[] = []
  const bare: number[] = []
  let draws = 0
  for (let round = 0; round <= rounds; round++) {
    let began = performance.now()
    const { meanTrades, scenarios, mean } = simulate({ ...input, seed: round })
    const simulated = performance.now() - began
    if (Math.abs(mean - 4266) > 10) throw new Error(`a mean of ${mean} is not that of the preset`)
    draws = Math.round(meanTrades * scenarios)
    began = performance.now()
    drawOnly(round, draws)
    const drawn = performance.now() - began
    // The first one is compiled while it runs.
    if (round === 0) continue
    ours.push(simulated)
    bare.push(drawn)
  }
  return [
    compared({
      name: `odds, ${input.scenarios} scenarios of ${preset.name}`,
      unit: 'ms',
      ours,
      bare,
      bound: { atMost: 30 },
      how: `simulate() with all it reports; bare: ${draws} numbers, one for each trade, of the same generator, added up; in turn, median of ${rounds} rounds`,
    }),
  ]
}

/** @throws Error for a sum that even numbers do not have; so the draws cannot be left out as unused */
function drawOnly(seed: number, draws: number): void {
  const random = sfc32()
  random.begin(seed, 0)
  let sum = 0
  for (let n = 0; n < draws; n++) sum += random.next()
  if (Math.abs(sum / draws / 2 ** 32 - 0.5) > 0.01) throw new Error('these are not even random numbers')
}
