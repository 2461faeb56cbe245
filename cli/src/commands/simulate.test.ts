import { readFileSync } from 'node:fs'
import { sharedData } from '@sath/testkit'
import t from 'tap'
import { printed, sath } from '../cli.fixture.js'
import type { SimulateResult } from './simulate.js'

const configA = '--plan BE --capital 3500 --stake 20 --payout 0.8 --gales 6 --cycles 60'.split(' ')

async function odds(...args: string[]): Promise<SimulateResult> {
  return JSON.parse(await printed('simulate', ...args, '--json'))
}

interface Published {
  readonly configs: readonly {
    readonly name: string
    readonly results: readonly Readonly<Record<string, number>>[]
  }[]
}

const published = sharedData('martingale', 'expected.json')
t.test(
  'prints the exact odds that somebody else computed',
  { skip: published ? false : 'the reference results are not here' },
  async (t) => {
    const { configs } = JSON.parse(readFileSync(published!, 'utf8')) as Published
    const results = configs.find(({ name }) => name === 'A')!.results.filter((_, i) => i % 3 === 0)
    t.ok(results.length > 1)
    for (const expected of results) {
      const { exact, ...rest } = await odds(
        ...configA,
        '--win-rate',
        `${expected.win_rate}`,
        '--exact',
        '--scenarios',
        '0',
      )
      t.same(rest, {}, 'nothing is drawn at random without scenarios')
      for (const [mine, theirs] of [
        [exact!.mean, expected.mean_final!],
        [exact!.sd, expected.sd_final!],
        [exact!.pProfit, expected.p_profit!],
        [exact!.pRuin, expected.p_ruin!],
        [exact!.meanTrades, expected.exp_trades!],
        [exact!.meanGales, expected.exp_gales!],
        [exact!.meanBusts, expected.exp_busts!],
        [exact!.meanTurnover, expected.exp_turnover!],
      ] as const) {
        t.ok(Math.abs(mine - theirs) < 1e-6, `win rate ${expected.win_rate}: ${mine} and ${theirs}`)
      }
    }
  },
)

t.test('puts Monte Carlo beside it, the same for the same seed', async (t) => {
  const args = [...configA, '--win-rate', '0.8', '--scenarios', '2000']
  const [one, again, other] = await Promise.all([odds(...args, '--exact'), odds(...args), odds(...args, '--seed', '2')])
  t.same(again, { monteCarlo: one.monteCarlo }, 'exact only when it was asked for')
  t.not(other.monteCarlo!.mean, one.monteCarlo!.mean)
  const { mean, standardError } = one.monteCarlo!
  t.ok(Math.abs(mean - one.exact!.mean) < 4 * standardError)
})

t.test('says in words that the win rate was put in, and what it takes to break even', async (t) => {
  const text = await printed('simulate', ...configA, '--win-rate', '0.8', '--exact', '--scenarios', '100')
  t.match(text, /The win rate of 80 % was put in, not measured/)
  t.match(text, /55\.556 % of the\s+decided trades must win/)
  t.match(text, /mean final balance +\d+\.\d\d +4266\.01\n/)
  t.match(text, /P\(7 losses in a row within 75 trades\): 0\.071 %/)
  t.notMatch(await printed('simulate', ...configA, '--win-rate', '0.8', '--ladder', 'dual'), /in a row/)
})

t.test('even stakes between two ends have their ruin in closed form', async (t) => {
  const args = '--plan FLAT --capital 100 --stake 10 --win-rate 0.45 --trades 50 --scenarios 10'.split(' ')
  const text = await printed('simulate', ...args, '--payout', '1', '--take-profit', '200')
  t.match(text, /P\(a balance of 0 before one of 200, played on without an end\): 88\.15 %/)
  const half = await printed('simulate', ...args, '--payout', '1', '--take-profit', '200', '--stop-loss', '50')
  t.match(half, /P\(a balance of 50 before one of 200, played on without an end\): 91\.04/)
  for (const other of [
    ['--payout', '0.8', '--take-profit', '200'],
    ['--payout', '1', '--take-profit', '205'],
    ['--payout', '1'],
  ])
    t.notMatch(await printed('simulate', ...args, ...other), /played on without an end/)
})

t.test('takes a share of the balance as stake, a length in trades, and either case', async (t) => {
  const args = '--plan flat --capital 1000 --stake 1% --trades 50 --win-rate 0.5 --payout 1 --scenarios 500'.split(' ')
  const { monteCarlo } = await odds(...args)
  t.equal(monteCarlo!.meanTrades, 50)
  t.ok(monteCarlo!.meanTurnover < 50 * 10.5 && monteCarlo!.meanTurnover > 50 * 9.5)
})

t.test('names every option that is wrong', async (t) => {
  const args = '--plan XX --capital -5 --stake 20 --win-rate 2 --gales 99'.split(' ')
  const { code, stdout, stderr } = await sath('simulate', ...args)
  t.equal(code, 1)
  t.equal(stdout, '')
  for (const option of ['--plan', '--capital', '--win-rate', '--gales']) t.match(stderr, `${option}: must be`)
})
