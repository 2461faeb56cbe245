/** What the tests of the lists of history share: an app, the start of their day, and a reader of whole lists. */
import type { LightMyRequestResponse } from 'fastify'
import { setup, type TestApp, type TestUser } from './app.fixture.js'

export interface Page {
  items: Record<string, unknown>[]
  nextCursor: string | null
}

export interface HistoryApp extends TestApp {
  get(as: TestUser, path: string): Promise<LightMyRequestResponse>
  /** Follows the cursors to the end; a page too many would never end. */
  all(as: TestUser, path: string): Promise<Record<string, unknown>[]>
}

export const start = Date.UTC(2024, 11, 2)
const minute = 60_000
/** So many minutes after the start. */
export const at = (minutes: number) => new Date(start + minutes * minute)

export async function historySetup(t: { teardown(run: () => unknown): void }): Promise<HistoryApp> {
  const app = await setup(t)
  const get = (as: TestUser, path: string) => app.call('GET', `/v1${path}`, { as })
  return {
    ...app,
    get,
    async all(as, path) {
      const items: Record<string, unknown>[] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const separator = path.includes('?') ? '&' : '?'
        const page: Page = (await get(as, `${path}${cursor ? `${separator}cursor=${cursor}` : ''}`)).json<Page>()
        items.push(...page.items)
        cursor = page.nextCursor
      }
      return items
    },
  }
}
