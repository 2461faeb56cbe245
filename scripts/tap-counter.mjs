/**
 * Reads TAP line by line and counts its assertions: those that are not themselves the end of a subtest. A subtest that failed
 * without a failed assertion inside (a crash, a wrong plan) counts as one failure.
 *
 * `onFile` hears of each test file as it ends.
 */
export function tapCounter(onFile = () => {}) {
  const totals = { passed: 0, failed: 0, skipped: [], failures: [] }
  /** Open subtests, outermost first. */
  const open = []
  let details
  /** The indentation of the block of details we are in. */
  let block
  let afterPoint = false

  function end({ indent, ok, name, directive, reason, timeMs }) {
    const inner = open.at(-1)?.indent === indent ? open.pop() : undefined
    const path = [...open.map((subtest) => subtest.name), inner?.name ?? name]
    if (directive) totals.skipped.push({ path, reason })
    else if (!ok && (!inner || inner.failed === 0)) fail(path)
    else if (ok && !inner) totals.passed++
    if (indent === 0)
      onFile({ name: path[0], ok, timeMs, failures: totals.failures.filter((failure) => failure.path[0] === path[0]) })
  }

  function fail(path) {
    totals.failed++
    for (const subtest of open) subtest.failed++
    const failure = { path, details: [] }
    totals.failures.push(failure)
    details = failure.details
  }

  return {
    totals,
    line(text) {
      // A block of details begins right behind its test point and ends at the same depth; nothing in it is a test point.
      if (block !== undefined) {
        if (text === `${block}...`) block = undefined
        else if (details && details.length < 60) details.push(text)
        return
      }
      const begin = /^( *)---$/.exec(text)
      if (begin && afterPoint) {
        block = begin[1]
        return
      }
      const subtest = /^( *)# Subtest: (.*)$/.exec(text)
      if (subtest) open.push({ indent: subtest[1].length, name: subtest[2], failed: 0 })
      const point = /^( *)(not )?ok(?: \d+)?(?: - (.*)|( #.*)?)$/.exec(text)
      afterPoint = point !== null
      if (!point) return
      details = undefined
      const [, spaces, not, described, directives = ''] = point
      const rest = described ?? directives
      const [, name, directive, reason] = /^(.*?)(?: # (SKIP|TODO)\b ?(.*?))?(?: # time=.*)?$/i.exec(rest)
      const time = /# time=([\d.]+)ms/.exec(rest)
      end({
        indent: spaces.length,
        ok: !not,
        name,
        directive,
        reason: reason ?? '',
        timeMs: time ? Number(time[1]) : undefined,
      })
    },
  }
}
