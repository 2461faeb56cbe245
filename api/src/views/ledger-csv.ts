import type { LedgerRow } from '@sath/db'
import { adminPaymentView } from './payment-view.js'

type Column = Exclude<keyof ReturnType<typeof adminPaymentView>, 'grant'>
const columns: readonly Column[] = [
  'id',
  'paidAt',
  'method',
  'status',
  'amount',
  'refunded',
  'currency',
  'plan',
  'days',
  'userId',
  'email',
  'reference',
  'proof',
  'stripeInvoiceId',
  'stripeChargeId',
  'recordedBy',
  'recordedAt',
]

/** The ledger as CSV (RFC 4180): a line of names, then a line a payment, in UTF-8, made as it is read. */
export async function* ledgerCsv(rows: AsyncIterable<LedgerRow>): AsyncGenerator<string> {
  yield line(columns)
  for await (const row of rows) {
    const view = adminPaymentView(row)
    yield line(columns.map((column) => view[column]))
  }
}

function line(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

/**
 * One cell. Text that a spreadsheet would take for a formula gets an apostrophe in front: references and proofs are written by
 * strangers.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function csvCell(value: string | number | null): string {
  if (value === null) return ''
  const text = typeof value === 'string' && /^\s*[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : `${value}`
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
