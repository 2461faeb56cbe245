import { openTestDatabase } from '@sath/db/testing'
import { until } from '@sath/testkit'
import type { Page } from 'playwright-core'
import t from 'tap'
import { hasBrowser, openBrowser, openPage, signInOn, waitMs } from './browser.js'
import { expectStatus, newSubscriber, request, signIn } from './client.js'
import { admin, startSath } from './sath.js'

const skip = hasBrowser() ? false : 'no Chromium'

t.test('a token made in a browser works for programs while the plan has API access', { skip }, async (t) => {
  const env = { DATABASE_URL: (await openTestDatabase(t)).url }
  const { url } = await startSath(t, { engine: 'process', feed: 'synthetic', env })
  const ada = await newSubscriber(url)
  const root = await signIn(url, admin.email, admin.password)
  const givePlan = (plan: string) => expectStatus(200, root.call('PUT', `/admin/users/${ada.userId}`, { plan }))
  const complaints: string[] = []
  const page = await openPage(await openBrowser(t), complaints)
  await signInOn(page, url, ada.email, 'correct horse battery staple')
  await page.getByRole('link', { name: 'Account' }).click()
  await page.getByText('Free has no API access.').waitFor({ timeout: waitMs })
  t.equal(await page.getByRole('button', { name: 'New token' }).count(), 0, 'and none can be made')

  await givePlan('enterprise')
  await page.reload()
  const token = await makeToken(page)
  const withToken = (method: string, path: string, body?: object) =>
    request(url, method, path, body, { authorization: `Bearer ${token}` })
  await expectStatus(200, withToken('GET', '/bot/status'))
  await expectStatus(403, withToken('POST', '/bot/start', {}))
  t.equal((await page.content()).includes(token), false, 'the page does not keep it')
  const row = page.getByRole('row', { name: /Sheet/ })
  await row.getByText(`…${token.slice(-4)}`).waitFor({ timeout: waitMs })
  await row.getByText('Works').waitFor({ timeout: waitMs })

  await givePlan('free')
  await page.reload()
  await row.getByText('Not on your plan').waitFor({ timeout: waitMs })
  const isRefused = async () => (await withToken('GET', '/bot/status')).status === 422
  await until('the token is refused without API access', isRefused, { timeoutMs: waitMs })
  await givePlan('enterprise')
  const isTaken = async () => (await withToken('GET', '/bot/status')).status === 200
  await until('the same token works again', isTaken, { timeoutMs: waitMs })

  await page.getByRole('button', { name: 'Delete the token Sheet' }).press('Enter')
  await page.getByRole('button', { name: 'Delete the token', exact: true }).press('Enter')
  await row.waitFor({ state: 'hidden', timeout: waitMs })
  t.equal(await page.locator('h1:focus').textContent({ timeout: waitMs }), 'Account', 'the focus is not lost')
  await expectStatus(401, withToken('GET', '/bot/status'))
  t.same(complaints, [], 'no page complained')
})

/** The one time that it is shown; the line for a shell has it, too. */
async function makeToken(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'New token' }).click({ timeout: waitMs })
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Sheet')
  await dialog.getByRole('button', { name: 'Make the token' }).click()
  await dialog.getByText(/shown this once and never again/).waitFor({ timeout: waitMs })
  // What is beside the dialog does not take it away.
  await page.mouse.click(5, 5)
  const token = await dialog.getByLabel('Token').inputValue()
  const line = await dialog.getByLabel('Try it in a shell').inputValue()
  if (!line.includes(`Bearer ${token}`)) throw new Error(`${line} is without the token`)
  await dialog.getByRole('button', { name: 'Done' }).click()
  return token
}
