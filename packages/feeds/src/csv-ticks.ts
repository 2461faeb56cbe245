import { CsvError, parseNumber, readPages } from './csv-lines.js'
import type { Tick } from './ticks.js'

const needed = ['time', 'price', 'amount'] as const

/**
 * Ticks of a CSV file as they stand in it: columns time (epoch ms), price and amount, optionally id, in any order; others
 * are ignored. The order of rows is the order of arrival and need not be that of the times.
 *
 * @throws CsvError naming file, line and column at the first cell that is not a number
 */
export function readTickPages(path: string): AsyncGenerator<readonly Tick[]> {
  let names: readonly string[] = []
  const indexOf = { time: -1, price: -1, amount: -1, id: -1 }

  function number(cells: readonly string[], column: (typeof needed)[number], line: number): number {
    const cell = cells[indexOf[column]] ?? ''
    const value = parseNumber(cell, 0, cell.length)
    if (Number.isFinite(value)) return value
    throw new CsvError(path, line, `column ${column}`, `${JSON.stringify(cell)} is not a number`)
  }

  return readPages(path, {
    header(text) {
      names = text.split(',')
      for (const column of [...needed, 'id'] as const) indexOf[column] = names.indexOf(column)
      const missing = needed.find((column) => indexOf[column] < 0)
      if (missing) throw new CsvError(path, 1, 'the header', `has no column ${missing} (needed: ${needed.join(', ')})`)
    },
    row(text, line) {
      const cells = text.split(',')
      if (cells.length !== names.length) {
        throw new CsvError(path, line, 'the row', `has ${cells.length} columns instead of ${names.length}`)
      }
      return {
        time: number(cells, 'time', line),
        price: number(cells, 'price', line),
        volume: number(cells, 'amount', line),
        ...(indexOf.id < 0 ? {} : { id: cells[indexOf.id] }),
      }
    },
  })
}
