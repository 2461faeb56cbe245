import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import type { Figure } from './figure.js'
import type { Sizes } from './sizes.js'

const headings = ['figure', 'ours', 'bare', 'ratio', 'target', 'met']

/** The table for a person. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, unit, ours, bare, ratio, target, met }) => [
    name,
    `${short(ours)} ${unit}`,
    bare === undefined ? '' : `${short(bare)} ${unit}`,
    ratio === undefined ? '' : ratio.toFixed(2),
    target ?? '',
    met === undefined ? '' : met ? 'yes' : 'NO',
  ])
  const widths = headings.map((heading, column) =>
    Math.max(...[heading, ...rows.map((row) => row[column] ?? '')].map((cell) => cell.length)),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return [line(headings), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n')
}

/** Everything, with samples and with what it was measured on. */
export function writeResults(file: string, figures: readonly Figure[], sizes: Sizes): void {
  const machine = {
    cpus: cpus().length,
    model: cpus()[0]?.model,
    memoryBytes: totalmem(),
    kernel: release(),
    node: process.version,
    commit: commit(),
  }
  writeFileSync(file, `${JSON.stringify({ at: new Date().toISOString(), machine, sizes, figures }, null, 2)}\n`)
}

function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

function commit(): string | undefined {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return undefined
  }
}
