/**
 * `npm run bench`: measures Sath beside bare baselines, prints a table and writes bench-results.json.
 *
 * With names of parts as arguments it measures those only: `npm run bench -- indicators`; bench/src/parts.ts lists them.
 *
 * Installs, builds, and as root on Debian brings a Docker engine where there is none. Sizes can be set for a quick run, for
 * example SATH_BENCH_BOTS=20; bench/src/sizes.ts lists them.
 */
import { requireNode } from './node-version.mjs'

requireNode()
import('./run-bench.mjs')
  .then((bench) => bench.runBench(process.argv.slice(2)))
  .then((code) => {
    process.exitCode = code
  })
