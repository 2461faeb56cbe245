import t from 'tap'
import { tapCounter } from './tap-counter.mjs'

function count(text) {
  const files = []
  const counter = tapCounter((file) => files.push(file.name))
  for (const line of text.split('\n')) counter.line(line)
  return { ...counter.totals, files }
}

t.test('counts assertions, not the subtests around them', (t) => {
  const { passed, failed, skipped, failures, files } = count(`TAP version 14
# Subtest: a.test.js
    # Subtest: skips
        ok 1 - no docker # SKIP no docker here
        1..1
    ok 1 - skips # time=5.213ms

    ok 2 - whole skip # SKIP whole reason # time=1ms
    # Subtest: fails
        not ok 1 - should be equal
          ---
          compare: ===
          ok: 2
          ...
        ok 2 - should be equal
        1..2
    not ok 3 - fails # time=15.79ms
      ---
      at: here
      ...
    1..3
not ok 1 - a.test.js # time=5044.103ms
# Subtest: b.test.js
    noise
    ok 1 - inner {
    1..1
ok 2 - b.test.js # time=25.586ms
`)
  t.equal(passed, 2)
  t.equal(failed, 1)
  t.same(skipped, [
    { path: ['a.test.js', 'skips', 'no docker'], reason: 'no docker here' },
    { path: ['a.test.js', 'whole skip'], reason: 'whole reason' },
  ])
  t.match(failures, [
    { path: ['a.test.js', 'fails', 'should be equal'], details: ['          compare: ===', '          ok: 2'] },
  ])
  t.same(files, ['a.test.js', 'b.test.js'])
  t.end()
})

t.test('counts a file that failed without a failed assertion', (t) => {
  const { passed, failed, failures } = count(`# Subtest: c.test.js
    ok 1 - fine
    1..1
not ok 1 - c.test.js # time=749.692ms
  ---
  exitCode: 3
  ...
`)
  t.same([passed, failed], [1, 1])
  t.same(failures, [{ path: ['c.test.js'], details: ['  exitCode: 3'] }])
  t.end()
})
