import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { openTestDatabase } from '@sath/db/testing'
import { until } from '@sath/testkit'
import type { StripePeer } from '@sath/testkit/stripe'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { hasBrowser, openBrowser, openPage, signInOn, waitMs } from './browser.js'
import {
  type Client,
  dualMartingale,
  expectStatus,
  type Json,
  newSubscriber,
  request,
  saveConfig,
  untilStatus,
} from './client.js'
import { type Limits, limitsOf, removeContainersOf } from './containers.js'
import { admin, dockerHost, startSath } from './sath.js'
import { startSathWithStripe } from './sath-with-stripe.js'

const password = 'correct horse battery staple'
const noBrowser = hasBrowser() ? false : 'no Chromium'
const skip = noBrowser || (dockerHost ? false : 'no Docker engine')
const dayMs = 86_400_000

t.setTimeout(300_000)

t.test('from Free to Pro and back, through the checkout, and the container follows', { skip }, async (t) => {
  let tenant = ''
  // After Sath has stopped, which leaves bots running.
  t.teardown(() => removeContainersOf(tenant))
  const { url, stripe } = await startSathWithStripe(t, { engine: 'docker', feed: 'synthetic' })
  const complaints: string[] = []
  const ada = await newSubscriber(url)
  tenant = ada.userId
  const [first] = dualMartingale().strategies
  await saveConfig(ada, dualMartingale())
  await expectStatus(202, ada.call('POST', '/bot/start'))
  const { run } = await untilStatus(ada, 'the bot runs', ({ status }) => status === 'running')
  t.same(await limitsOf(run.containerId), { memoryMiB: 128, cpu: 0.25 }, 'what Free gives')

  const page = await openPage(await openBrowser(t), complaints)
  await signInOn(page, url, ada.email, password)
  await goToPlan(page)
  await page.getByRole('button', { name: 'Subscribe to Pro' }).click()
  await page.getByText('128 MiB → 256 MiB, while the bot runs').waitFor({ timeout: waitMs })
  await page.getByRole('button', { name: 'Go to the checkout' }).click()
  // Both pages have a button that cancels.
  await page.waitForURL(`${stripe.url}/**`, { timeout: waitMs })
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByText('You left the checkout.').waitFor({ timeout: waitMs })
  await page.getByRole('heading', { name: 'Your plan: Free' }).waitFor({ timeout: waitMs })

  await page.getByRole('button', { name: 'Subscribe to Pro' }).click()
  await page.getByRole('button', { name: 'Go to the checkout' }).click()
  await page.getByRole('button', { name: 'Pay' }).click({ timeout: waitMs })
  await page.getByText('You are subscribed to Pro.').waitFor({ timeout: waitMs })
  await page.getByRole('heading', { name: 'Your plan: Pro' }).waitFor({ timeout: waitMs })
  await untilLimits(run.containerId, { memoryMiB: 256, cpu: 0.5 })
  const raised = await ada.get('/bot/status')
  t.match(raised, { status: 'running', run: { id: run.id } }, 'the same run has what Pro gives')

  const invoice = page.getByRole('link', { name: /^Invoice/ }).first()
  const address = (await invoice.getAttribute('href', { timeout: waitMs })) ?? ''
  t.match(await (await fetch(address)).text(), /99\.00/, 'the invoice is at its link')
  await page.getByRole('cell', { name: 'Card, by Stripe' }).waitFor({ timeout: waitMs })

  const second = { ...first, id: randomUUID(), name: 'Second', symbols: ['ETHUSDT'] }
  await saveConfig(ada, dualMartingale({}, { strategies: [first, second] as never }))
  const dialog = page.getByRole('dialog')
  await page.getByRole('button', { name: 'Change to Basic' }).press('Enter')
  await dialog.waitFor({ timeout: waitMs })
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden', timeout: waitMs })
  const focused = page.locator('button:focus')
  t.equal(await focused.getAttribute('aria-label', { timeout: waitMs }), 'Change to Basic', 'the focus is where it was')
  await focused.press('Enter')
  await dialog.getByRole('button', { name: 'Change at the end of the period' }).click()
  await page.getByText('Basic is coming.').waitFor({ timeout: waitMs })
  await page.getByRole('button', { name: 'Keep the plan' }).click()
  await page.getByText('Basic is coming.').waitFor({ state: 'hidden', timeout: waitMs })
  t.equal(await page.getByText('Stripe is telling Sath').count(), 0, 'nothing is waited for')

  await page.getByRole('button', { name: 'Go back to Free' }).click()
  await dialog.getByRole('row', { name: /Second.*Paused/ }).waitFor({ timeout: waitMs })
  await dialog.getByText('256 MiB → 128 MiB, with its next start').waitFor({ timeout: waitMs })
  await dialog.getByRole('button', { name: 'Cancel at the end of the period' }).click()
  await page.getByText('The subscription is cancelled.').waitFor({ timeout: waitMs })
  await page.getByRole('button', { name: 'Keep the plan' }).click()
  await page.getByText('The subscription is cancelled.').waitFor({ state: 'hidden', timeout: waitMs })
  await page.getByRole('button', { name: 'Cancel the subscription' }).click()
  await dialog.getByRole('button', { name: 'Cancel at the end of the period' }).click()
  await page.getByText('The subscription is cancelled.').waitFor({ timeout: waitMs })

  await sendPaymentLink(t, { url, stripe, complaints })

  stripe.advance(32 * dayMs)
  await page.getByRole('heading', { name: 'Your plan: Free' }).waitFor({ timeout: waitMs })
  await page.getByRole('link', { name: 'Bot', exact: true }).click()
  await page.getByText(/Makes no new trades on the plan Free: Second/).waitFor({ timeout: waitMs })
  t.same(await limitsOf(run.containerId), { memoryMiB: 256, cpu: 0.5 }, 'what runs keeps what it may be using')
  await saveConfig(ada, dualMartingale())
  await page.getByRole('button', { name: 'Restart' }).click()
  const next = await untilStatus(
    ada,
    'the next run',
    (status) => status.status === 'running' && status.run.id !== run.id,
  )
  t.same(await limitsOf(next.run.containerId), { memoryMiB: 128, cpu: 0.25 }, 'the next start has what Free gives')
  t.same(complaints, [], 'no page complained')
})

t.test('without Stripe, codes and payments that an admin records give plans', { skip: noBrowser }, async (t) => {
  const env = { DATABASE_URL: (await openTestDatabase(t)).url }
  const { url } = await startSath(t, { engine: 'process', feed: 'synthetic', env })
  const complaints: string[] = []
  const browser = await openBrowser(t)
  const bob = await newSubscriber(url)
  const page = await openPage(browser, complaints)
  await signInOn(page, url, bob.email, password)
  await goToPlan(page)
  await page.getByText('Billing is not set up on this installation.').waitFor({ timeout: waitMs })
  t.equal(await page.getByRole('button', { name: /^Subscribe to/ }).count(), 0, 'nothing is for sale')

  const root = await openPage(browser, complaints)
  await signInOn(root, url, admin.email, admin.password)
  const code = await newCode(root)
  const field = page.getByRole('textbox', { name: 'Code' })
  await field.fill(code.toLowerCase())
  await page.getByRole('button', { name: 'Redeem' }).click()
  await page.getByText('The code is yours.').waitFor({ timeout: waitMs })
  await page.getByRole('heading', { name: 'Your plan: Pro' }).waitFor({ timeout: waitMs })
  await page.getByRole('button', { name: 'Redeem' }).click()
  await page.getByRole('alert').waitFor({ timeout: waitMs })
  t.equal(await page.getByText('The code is yours.').count(), 0, 'once for each user')

  await root.getByRole('button', { name: `Who redeemed ${code}` }).click()
  await root.getByRole('cell', { name: bob.email }).waitFor({ timeout: waitMs })
  await root.keyboard.press('Escape')
  await root.getByRole('button', { name: `Deactivate ${code}` }).click()
  await root.getByRole('button', { name: 'Deactivate', exact: true }).click()
  await root.getByRole('button', { name: `Activate ${code}` }).waitFor({ timeout: waitMs })

  await recordPayment(root, bob, 'TX-2041')
  const download = root.waitForEvent('download')
  await root.getByRole('button', { name: 'Download CSV' }).click()
  t.match(readFileSync(await (await download).path(), 'utf8'), /29\.00.*TX-2041/, 'the accountant’s file')
  await page.reload()
  await page.getByRole('cell', { name: 'Bank transfer' }).waitFor({ timeout: waitMs })
  t.match(await bob.get('/billing/subscription'), { plan: 'pro', grants: { length: 2 } }, 'no day is lost')
  t.same(complaints, [], 'no page complained')
})

async function goToPlan(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Plan', exact: true }).click()
  await page.getByRole('heading', { name: 'Plans' }).waitFor({ timeout: waitMs })
}

interface Shop {
  readonly url: string
  readonly stripe: StripePeer
  readonly complaints: string[]
}

/** An admin makes a link on their page; the user is mailed it, and it leads to the checkout. */
async function sendPaymentLink(t: Test, { url, stripe, complaints }: Shop): Promise<void> {
  const eve = await newSubscriber(url)
  const browser = await openBrowser(t)
  const root = await openPage(browser, complaints)
  await signInOn(root, url, admin.email, admin.password)
  await root.getByRole('link', { name: 'Admin', exact: true }).click()
  await root.getByRole('link', { name: 'Users' }).click()
  await root.getByRole('button', { name: `Make a payment link for ${eve.email}` }).click({ timeout: waitMs })
  const dialog = root.getByRole('dialog')
  await dialog.getByLabel('Plan').selectOption('pro')
  await dialog.getByLabel('Paid').selectOption('yearly')
  await dialog.getByRole('button', { name: 'Make the link' }).click()
  await dialog.getByText(`${eve.email} is mailed it.`).waitFor({ timeout: waitMs })
  const link = await dialog.getByLabel('Link').inputValue()
  t.ok(link.startsWith(stripe.url), 'the link is a page of Stripe')
  t.match(await (await fetch(link)).text(), /990/, 'with the price of a year')
  const mailed = async () =>
    (await request(url, 'GET', `/dev/outbox?to=${eve.email}`)).body.items.some((mail: Json) => mail.text.includes(link))
  await until('the user is mailed the link', mailed, { timeoutMs: waitMs })
}

/** Makes a code for thirty days of Pro on the admin's page. */
async function newCode(root: Page): Promise<string> {
  await root.getByRole('link', { name: 'Admin', exact: true }).click()
  await root.getByRole('link', { name: 'Promo codes' }).click()
  await root.getByRole('button', { name: 'New code' }).click()
  await root.getByLabel('Plan', { exact: true }).selectOption('pro')
  await root.getByRole('button', { name: 'Make the code' }).click()
  await root.getByText('The code is ready.').waitFor({ timeout: waitMs })
  const code = await root.getByRole('dialog').locator('code').textContent()
  await root.getByRole('button', { name: 'Done' }).click()
  return code ?? ''
}

async function recordPayment(root: Page, { email }: Client, reference: string): Promise<void> {
  await root.getByRole('link', { name: 'Payments', exact: true }).click()
  await root.getByRole('button', { name: 'Record a payment' }).click()
  await root.getByLabel('Email of the user').fill(email)
  await root.getByLabel('Amount').fill('29.00')
  await root.getByLabel('Reference').fill(reference)
  await root.getByRole('button', { name: 'Record it' }).click()
  await root.getByRole('cell', { name: email }).waitFor({ timeout: waitMs })
}

async function untilLimits(containerId: string, wanted: Limits): Promise<void> {
  const has = async () => JSON.stringify(await limitsOf(containerId)) === JSON.stringify(wanted)
  await until(`the container has ${JSON.stringify(wanted)}`, has, { timeoutMs: 5_000, everyMs: 100 })
}
