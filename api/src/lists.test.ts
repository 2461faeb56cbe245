import t from 'tap'
import { setup, verdict } from './app.fixture.js'

const app = await setup(t)
const admin = await app.user('admin')
const get = (path: string) => app.call('GET', `/v1${path}`, { as: admin })

interface List {
  items: { id?: string; symbol?: string }[]
  nextCursor: string | null
}

t.test('every list has the same shape and takes the same limit and cursor', async (t) => {
  for (const path of [
    '/keys/exchange',
    '/keys/ai',
    '/bot/events',
    '/bot/accounts',
    '/trades',
    '/positions',
    '/signals',
    '/decisions',
    '/logs',
    '/strategies',
    '/symbols',
    '/brokers',
    '/billing/plans',
    '/admin/users',
    '/admin/bots',
    '/admin/plans',
    '/admin/audit',
    '/admin/nodes',
  ]) {
    const all = (await get(path)).json<List>()
    t.ok(Array.isArray(all.items) && all.nextCursor !== undefined, path)
    t.ok((await get(`${path}?limit=1`)).json<List>().items.length <= 1, path)
    for (const query of ['limit=0', 'limit=101', 'limit=x', 'cursor=nonsense', 'cursor=', 'unknown=1'])
      t.equal(verdict(await get(`${path}?${query}`)), '400 invalid-request', `${path}?${query}`)
  }
})

t.test('a list that is read one by one is the whole list', async (t) => {
  for (const label of ['first', 'second', 'third'])
    await app.call('POST', '/v1/keys/exchange', {
      as: admin,
      body: {
        broker: 'binance',
        environment: 'testnet',
        label,
        credentials: { apiKey: 'PUBLIC-1234', apiSecret: 's' },
      },
    })
  for (const path of ['/keys/exchange', '/strategies', '/billing/plans']) {
    const { items, nextCursor } = (await get(path)).json<List>()
    t.ok(items.length >= 3 && nextCursor === null, path)
    const read = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: List = (await get(`${path}?limit=1${cursor && `&cursor=${cursor}`}`)).json()
      read.push(...page.items)
      cursor = page.nextCursor
    }
    t.same(read, items, path)
  }
})
