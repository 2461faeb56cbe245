import type { Account } from './account.js'
import type { RawObject } from './form.js'

/** What a page answers: HTML, or the way to another address. */
export type PageAnswer =
  | { readonly kind: 'html'; readonly status: number; readonly html: string }
  | { readonly kind: 'redirect'; readonly to: string }
  | { readonly kind: 'pdf'; readonly body: Buffer }

/** A page for people, at the peer's own address. */
export interface WebPage {
  readonly method: 'GET' | 'POST'
  /** Its first group is the id. */
  readonly path: RegExp
  /** The form is the body, or the query of a GET. */
  answer(account: Account, id: string, form: RawObject): PageAnswer
}

export function html(body: string, status = 200): PageAnswer {
  return { kind: 'html', status, html: body }
}

export function redirect(to: string): PageAnswer {
  return { kind: 'redirect', to }
}
