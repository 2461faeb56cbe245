import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { verdict } from '../app.fixture.js'
import { at, historySetup, start } from '../history.fixture.js'

const app = await historySetup(t)
const { get, all } = app

t.test('logs put aside for their size are read on, also when that happens between two pages', async (t) => {
  const user = await app.user()
  const folder = join(app.tenantsDir, user.id, 'logs')
  mkdirSync(folder, { recursive: true })
  const write = (name: string, ...lines: number[]) =>
    writeFileSync(
      join(folder, name),
      lines.map((n) => `${JSON.stringify({ time: at(n), level: 'info', message: String(n), fields: {} })}\n`).join(''),
    )
  write('2024-12-02.001.jsonl', 0, 1, 2)
  write('2024-12-02.002.jsonl', 3, 4, 5)
  write('2024-12-02.jsonl', 6, 7, 8)
  const read = async (cursor = '') => {
    const { items, nextCursor } = (await get(user, `/logs?limit=2${cursor && `&cursor=${cursor}`}`)).json()
    return { nextCursor, messages: items.map(({ message }: { message: string }) => message) }
  }
  const first = await read()
  t.same(first.messages, ['8', '7'])
  renameSync(join(folder, '2024-12-02.jsonl'), join(folder, '2024-12-02.003.jsonl'))
  write('2024-12-02.jsonl', 9, 10)
  const second = await read(first.nextCursor)
  t.same(second.messages, ['6', '5'])
  const rest: string[] = []
  for (let page = await read(second.nextCursor); ; page = await read(page.nextCursor)) {
    rest.push(...page.messages)
    if (!page.nextCursor) break
  }
  t.same(rest, ['4', '3', '2', '1', '0'])
})

t.test('logs are read backwards over the days, filtered, and only the caller’s', async (t) => {
  const [user, other] = [await app.user(), await app.user()]
  const folder = join(app.tenantsDir, user.id, 'logs')
  mkdirSync(folder, { recursive: true })
  const line = (time: Date, level: string, message: string) =>
    `${JSON.stringify({ time, level, message, fields: { a: 1 }, stream: level === 'warn' ? 'stderr' : 'stdout' })}\n`
  const many = Array.from({ length: 3000 }, (_, n) =>
    line(new Date(start + n), n % 100 ? 'info' : 'error', `line ${n} ${'ü'.repeat(40)}`),
  )
  writeFileSync(join(folder, '2024-12-02.jsonl'), many.join(''))
  writeFileSync(join(folder, '2024-12-03.jsonl'), line(at(1440), 'warn', 'next day'))
  appendFileSync(
    join(folder, '2024-12-03.jsonl'),
    'not json\n{"time":"never","message":"x"}\n\n{"time":"2024-12-03T01:00:00Z","level":"info","mess',
  )
  writeFileSync(join(folder, 'notes.txt'), 'x')
  const items = await all(user, '/logs?limit=100')
  t.equal(items.length, 3001)
  t.match(items.slice(0, 2), [
    { message: 'next day', level: 'warn', fields: { a: 1, stream: 'stderr' } },
    { message: /^line 2999 ü+$/, fields: { a: 1, stream: undefined } },
  ])
  t.match(items.at(-1), { message: /^line 0 / })
  t.equal(new Set(items.map(({ message }) => message)).size, 3001)
  t.equal((await all(user, '/logs?level=error&limit=7')).length, 30)
  t.equal((await all(user, `/logs?from=${new Date(start + 2990).toISOString()}`)).length, 11)
  t.same(await all(other, '/logs'), [])
  t.equal(
    verdict(await get(user, '/logs?cursor=Li4vLi4vZXRjL3Bhc3N3ZCAx')),
    '400 invalid-request',
    'a cursor names a day, not a path',
  )
})
