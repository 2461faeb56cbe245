import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { walk } from '@sath/testkit'
import t from 'tap'
import { main, sath, writer } from './cli.fixture.js'

t.test('the exit code tells bad input from wrong use, and only results go to stdout', async (t) => {
  const [help, bad, wrong] = await Promise.all([
    sath('--help'),
    sath('signals', '--timeframe', 'M5', '--candles', writer(t)('a.csv', 'time\n')),
    sath('luck'),
  ])
  t.match(help, { code: 0, stdout: /Exit codes: 0 done, 1 bad input/, stderr: '' })
  t.match(bad, { code: 1, stdout: '', stderr: /^sath: .*a\.csv line 1, the header/ })
  t.match(wrong, { code: 2, stdout: '', stderr: /^sath: unknown command 'luck'/ })
})

t.test('a reader that has seen enough ends it without a word', async (t) => {
  const path = writer(t)('a.csv', walk(50_000))
  const child = spawn(process.execPath, [main, 'indicator', 'sma', '--candles', path], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  await once(child.stdout, 'readable')
  child.stdout.destroy()
  const [code, signal] = await once(child, 'close')
  t.match({ code, signal, stderr }, { code: 0, signal: null, stderr: '' })
})
