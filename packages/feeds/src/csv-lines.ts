import { createReadStream } from 'node:fs'

/** A file that is not what it should be, with the place: the message is for a person. */
export class CsvError extends Error {
  override readonly name = 'CsvError'

  /** `column` is a column's name, or what the fault is about where no single one is to blame. */
  constructor(path: string, line: number, column: string, what: string) {
    super(`${path} line ${line}, ${column}: ${what}`)
  }
}

/** What to do with the lines of a file: `header` is called once, `row` for every other line, numbered from 1. */
export interface LineReader<Row> {
  header(text: string): void
  row(text: string, line: number): Row
}

/**
 * Rows of a CSV file, in pages of what a chunk of the file held (an `await` for each row would cost more than the row).
 * Lines end in LF or CRLF; a byte order mark is no part of the header.
 *
 * @throws CsvError whatever the reader throws, and for a file without a header
 */
export async function* readPages<Row>(path: string, reader: LineReader<Row>): AsyncGenerator<Row[]> {
  let rest = ''
  let line = 0
  const file = createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 18 })
  // Only what fails at opening names the file by itself: a directory opens, and cannot be read.
  file.once('error', (error: NodeJS.ErrnoException) => {
    error.path ??= path
  })
  for await (const chunk of file) {
    const text: string = rest + chunk
    const rows: Row[] = []
    let start = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      take(text.slice(start, text[end - 1] === '\r' && end > start ? end - 1 : end), rows)
      start = end + 1
    }
    rest = text.slice(start)
    if (rows.length > 0) yield rows
  }
  const last: Row[] = []
  if (rest !== '') take(rest, last)
  if (line === 0) throw new CsvError(path, 1, 'the header', 'is missing: the file is empty')
  if (last.length > 0) yield last

  function take(text: string, rows: Row[]): void {
    line++
    if (line === 1) reader.header(text.replace(/^\uFEFF/, ''))
    else rows.push(reader.row(text, line))
  }
}

const plainNumber = /^-?\d+(\.\d+)?(e[+-]?\d{1,3})?$/i
const tens = Array.from({ length: 16 }, (_, n) => 10 ** n)

/**
 * The number that stands in `text` from `start` up to `end`; NaN when none stands there.
 *
 * Up to 15 digits, digits and scale are exact floats, so that one division rounds correctly and gives the same value as
 * `Number`, at a fraction of its cost (Clinger's fast path). @see https://doi.org/10.1145/93542.93557
 */
export function parseNumber(text: string, start: number, end: number): number {
  let digits = 0
  let mantissa = 0
  let point = -1
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i)
    if (code >= 48 && code <= 57) {
      mantissa = mantissa * 10 + (code - 48)
      digits++
    } else if (code === 46 && point < 0 && digits > 0) point = digits
    else return parseSlowly(text.slice(start, end))
  }
  const scale = tens[point < 0 ? 0 : digits - point]
  if (digits === 0 || digits > 15 || point === digits || scale === undefined) return parseSlowly(text.slice(start, end))
  return mantissa / scale
}

function parseSlowly(cell: string): number {
  return plainNumber.test(cell) ? Number(cell) : Number.NaN
}
