import { randomUUID } from 'node:crypto'
import { sharedData, until } from '@sath/testkit'
import t from 'tap'
import { hasBrowser, openBrowser, openPage, signInOn, waitMs } from './browser.js'
import { admin, dockerHost, startSath } from './sath.js'

const recording = sharedData('candles', 'BTCUSDT_M1_2024-12_binance.csv')
const skip = !hasBrowser()
  ? 'no Chromium'
  : !dockerHost
    ? 'no Docker engine'
    : !recording
      ? 'no recorded candles'
      : false

t.test('from sign-up to a proven stop, in a browser', { skip }, async (t) => {
  const sath = await startSath(t, { engine: 'docker', feed: `replay:${recording}?speed=60` })
  const browser = await openBrowser(t)
  const complaints: string[] = []
  const ada = await openPage(browser, complaints)

  const email = `${randomUUID()}@example.com`
  await ada.goto(`${sath.url}/sign-up`)
  await ada.getByLabel('Email').fill(email)
  await ada.getByLabel('Password').fill('correct horse battery staple')
  await ada.getByRole('button', { name: 'Create account' }).click()
  await ada.getByRole('button', { name: 'Open the mail' }).click({ timeout: waitMs })
  await ada.getByRole('link', { name: 'Follow the link' }).click()
  await ada.getByText('Your address is confirmed').waitFor({ timeout: waitMs })
  await signInOn(ada, sath.url, email, 'correct horse battery staple')

  await ada.getByRole('link', { name: 'Keys' }).click()
  await ada.getByRole('button', { name: 'Add a key' }).first().click()
  await ada.getByLabel('API key').fill('public-part-of-the-key-9876')
  await ada.getByLabel('Secret key').fill('CANARY-in-the-browser')
  await ada.getByRole('button', { name: 'Store the key' }).click()
  await ada.getByText('9876').first().waitFor({ timeout: waitMs })
  t.notMatch(await ada.content(), /CANARY/, 'the secret is not shown again')

  await ada.getByRole('link', { name: 'Set up', exact: true }).click()
  await ada.getByRole('heading', { name: 'Set up' }).waitFor({ timeout: waitMs })
  await ada.getByLabel('Timeframe').first().selectOption('M1')
  await ada.getByLabel('After a loss').selectOption('classic')
  await ada.getByLabel('Ladder', { exact: true }).selectOption('dual')
  t.match((await ada.getByTestId('worst-case').textContent()) ?? '', /\d/, 'the worst case is shown before saving')
  await ada.getByRole('button', { name: 'Save' }).click()
  await ada.getByText('Saved.').waitFor({ timeout: waitMs })

  await ada.getByRole('link', { name: 'Bot', exact: true }).click()
  await ada.getByRole('button', { name: 'Start' }).click()
  const status = ada.getByTestId('bot-status')
  await status.filter({ hasText: 'Running' }).waitFor({ timeout: waitMs })
  await ada
    .getByRole('list', { name: 'Log lines, oldest first' })
    .getByRole('listitem')
    .first()
    .waitFor({ timeout: waitMs })
  await ada.getByRole('link', { name: 'Trades' }).click()
  await ada
    .getByRole('cell')
    .getByText(/^(win|loss|won|lost)$/i)
    .first()
    .waitFor({ timeout: waitMs })
  await ada.getByRole('button', { name: 'Trade by hand' }).click()
  await ada.getByLabel('Stake, USD').fill('one')
  await ada.getByRole('button', { name: 'Place the trade' }).click()
  await ada.locator('[name=stake][aria-invalid=true]').waitFor({ timeout: waitMs })
  await ada.getByLabel('Stake, USD').fill('1.00')
  // The API looks for new prices every few seconds only, and the market has just begun.
  const isTold = async () => {
    await ada.getByRole('button', { name: 'Place the trade' }).click()
    const told = (await ada.locator('form .notice').textContent({ timeout: waitMs })) ?? ''
    if (!/CALL BTCUSDT with|Not traded:/.test(told)) throw new Error(told)
    return true
  }
  await until('what became of the trade by hand is told', isTold, { timeoutMs: waitMs, everyMs: 500 })

  await ada.getByRole('link', { name: 'Decisions' }).click()
  await ada.getByRole('cell').getByText('No signal').first().waitFor({ timeout: waitMs })
  await ada
    .getByRole('link', { name: /^Show this trade/ })
    .first()
    .click()
  await ada.getByText('Signal candle').waitFor({ timeout: waitMs })

  await ada.getByRole('link', { name: 'Market' }).click()
  await ada.locator('canvas').first().waitFor({ timeout: waitMs })

  await ada.getByRole('link', { name: 'Back-tests' }).click()
  await ada.getByRole('heading', { name: 'New back-test' }).waitFor({ timeout: waitMs })
  await ada.getByLabel('Timeframe').selectOption('M1')
  await ada.getByRole('button', { name: 'Run the back-test' }).click()
  await ada.getByText(/break-even is 54\.05 %|too few trades/i).waitFor({ timeout: waitMs })
  await ada.getByRole('link', { name: 'Simulations', exact: true }).click()
  const fold = ada.getByText('When it ends early, and bounds of the stake')
  await fold.click()
  await ada.getByLabel('Ends when down to, USD').fill('5000')
  await fold.click()
  await ada.getByRole('button', { name: 'Run the simulation' }).click()
  await ada.locator('[name="simulation.stopLoss"][aria-invalid=true]:focus').waitFor({ timeout: waitMs })
  await ada.getByLabel('Begin with').selectOption({ label: 'the classic 80 %' })
  await ada.getByRole('button', { name: 'Run the simulation' }).click()
  await ada.getByText('Put in by the preset').waitFor({ timeout: waitMs })
  await ada.getByRole('cell', { name: '$4,266.01' }).waitFor({ timeout: waitMs })
  t.pass('the exact mean of the classic preset')

  await ada.getByRole('link', { name: 'Bot', exact: true }).click()
  const lines = ada.getByRole('list', { name: 'Log lines, oldest first' }).getByRole('listitem')
  const earlier = ada.getByRole('button', { name: 'Load earlier lines' })
  // Once the log is longer than one page.
  const loadsEarlier = async () => {
    await ada.reload()
    await lines.first().waitFor({ timeout: waitMs })
    if (!(await earlier.isVisible())) return false
    const first = await lines.first().textContent()
    const isEarlier = async () => (await lines.first().textContent()) !== first
    await earlier.click()
    // With one full page and nothing before it, there is a button and no earlier line.
    return until('another first line', isEarlier, { timeoutMs: 5_000 }).catch(() => false)
  }
  await until('earlier lines come first', loadsEarlier, { timeoutMs: 2 * waitMs, everyMs: 1_000 })

  await ada.getByRole('button', { name: 'Stop', exact: true }).click()
  await ada.getByRole('button', { name: 'Stop the bot' }).click()
  await status.filter({ hasText: 'Stopped' }).waitFor({ timeout: waitMs })
  await ada.getByText('Proven', { exact: true }).waitFor({ timeout: waitMs })

  await ada.getByRole('button', { name: 'Start' }).click()
  await status.filter({ hasText: 'Running' }).waitFor({ timeout: waitMs })
  const root = await openPage(browser, complaints)
  await signInOn(root, sath.url, admin.email, admin.password)
  await root.getByRole('link', { name: 'Admin' }).click()
  await root.getByRole('button', { name: `Stop the bot of ${email}` }).click({ timeout: waitMs })
  await root.getByLabel('How').selectOption('force')
  await root.getByLabel('Reason').fill('the browser test')
  await root.getByLabel(/Hold it/).check()
  await root.getByRole('button', { name: 'Stop the bot', exact: true }).click()
  await root.getByRole('button', { name: `Release the bot of ${email}` }).waitFor({ timeout: waitMs })
  await status.filter({ hasText: 'Stopped' }).waitFor({ timeout: waitMs })
  t.same(complaints, [], 'no page complained')
})
