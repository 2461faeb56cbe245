/**
 * `npm test`: everything; `npm test -- words`: the test files whose path or text contains the words.
 *
 * Installs, builds, and as root on Debian brings what the tests with real parts need; checks formatting, lint, types and
 * documents; runs all tests; ends what it started. The last line is `N passed, N failed`, with `, N skipped` when some were.
 * With CI set, a skipped test is a failure.
 */
import { requireNode } from './node-version.mjs'

requireNode()
import('./run-tests.mjs')
  .then((tests) => tests.runTests(process.argv[2]))
  .then((code) => {
    process.exitCode = code
  })
