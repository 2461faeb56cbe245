import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { until, walk } from '@sath/testkit'
import t from 'tap'
import { writer } from './cli.fixture.js'

const launcher = fileURLToPath(new URL('../../scripts/sath.mjs', import.meta.url))

/** Starts the launcher as npm does: in the package's directory, called from `from`. */
function launch(from: string, ...args: string[]) {
  const child = spawn(process.execPath, [launcher, ...args], {
    cwd: dirname(dirname(launcher)),
    env: { ...process.env, npm_lifecycle_event: 'sath', INIT_CWD: from },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text
    })
  }
  return { child, said, ended: once(child, 'close') }
}

t.test('finds files from where it was called, and passes output and exit code on', async (t) => {
  const folder = dirname(writer(t)('a.csv', walk(3)))
  const good = launch(folder, 'indicator', 'sma', '--candles', 'a.csv', '--params', 'period=2')
  t.same(await good.ended, [0, null])
  t.match(good.said.stdout, /^time,sma\n\d+,\n\d+,\d/)
  const bad = launch(folder, 'indicator', 'sma', '--candles', 'b.csv')
  t.same(await bad.ended, [1, null])
  t.match(bad.said, { stdout: '', stderr: /there is no file b\.csv/ })
})

t.test(
  'Ctrl-C ends a computation at once, with 130',
  {
    skip: process.platform === 'linux' ? false : 'looks for the child in /proc',
  },
  async (t) => {
    const args = '--plan FLAT --capital 1e9 --stake 1 --trades 100000 --scenarios 100000 --win-rate 0.5'.split(' ')
    const { child, said, ended } = launch('.', 'simulate', ...args)
    await until('the computation has begun', () => {
      const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ')
      return children.some(
        (pid) => pid !== '' && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('cli/build/main'),
      )
    })
    child.kill('SIGINT')
    t.same(await ended, [130, null])
    t.equal(said.stdout, '')
  },
)
