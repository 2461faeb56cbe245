import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'

const path = process.env.SATH_TEST_CHROMIUM ?? '/usr/bin/chromium'

/** What a page may take to show something that other programs bring about. */
export const waitMs = 60_000

export function hasBrowser(): boolean {
  return existsSync(path)
}

/** Chromium, closed with the test. */
export async function openBrowser(t: { teardown(run: () => unknown): void }): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: path,
    args: ['--no-sandbox', '--disable-quic', '--disable-background-networking'],
  })
  t.teardown(() => browser.close())
  return browser
}

/** A page with cookies of its own. What it complains of is added to `complaints`. */
export async function openPage(browser: Browser, complaints: string[]): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    // A refused request is the page's business, and Chromium logs every one.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text())
  })
  return page
}

export async function signInOn(page: Page, url: string, email: string, password: string): Promise<void> {
  await page.goto(`${url}/sign-in`)
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page
    .getByTestId('bot-status')
    .or(page.getByRole('link', { name: 'Bot', exact: true }))
    .first()
    .waitFor({ timeout: waitMs })
}
