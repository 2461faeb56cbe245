/**
 * `npm run bench`: measures Sath beside bare baselines, prints a table and writes bench-results.json.
 *
 * Installs, builds, and as root on Debian brings a Docker engine where there is none. Sizes can be set for a quick run, for
 * example SATH_BENCH_BOTS=20; bench/src/sizes.ts lists them.
 */
import { requireNode } from './node-version.mjs'

requireNode()
import('./run-bench.mjs')
  .then((bench) => bench.runBench())
  .then((code) => {
    process.exitCode = code
  })
