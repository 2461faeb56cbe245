import t from 'tap'
import { missingReferences, pathsIn } from './doc-references.mjs'

t.test('takes only paths of this repository for paths', (t) => {
  const topLevel = new Set(['api', 'README.md', 'packages'])
  const line =
    'See `api/src/app.ts`, `packages/gone`, `worker/`, `docs/x.md:12`, `GONE.md`; not `/bot/start`, `@sath/db`, `a/b`, `npm start`, `packages/*/src`, `tenants/<id>/logs`, `dashboard/dist`, `main.ts`, `application/json`.'
  t.same(pathsIn(line, topLevel), ['api/src/app.ts', 'packages/gone', 'worker/', 'docs/x.md', 'GONE.md'])
  t.end()
})

t.test('names document, line and path of what is gone', async (t) => {
  const directory = t.testdir({ 'README.md': 'one\n`src/here.ts` and `src/gone.ts`', src: { 'here.ts': '' } })
  t.same(await missingReferences(directory, ['README.md', 'ABSENT.md']), [
    'README.md:2 names src/gone.ts, which does not exist.',
  ])
})
