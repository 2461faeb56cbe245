import type Stripe from 'stripe'
import type { Account } from './account.js'
import { amountText } from './amounts.js'
import { completeSession } from './checkout-completion.js'
import { buttonForm, escaped, htmlPage } from './html.js'
import { html, type PageAnswer, redirect, type WebPage } from './web-page.js'

/** The hosted page of a checkout session: Pay, Decline (a card that is refused) and Cancel. */
export const checkoutPages: readonly WebPage[] = [
  {
    method: 'GET',
    path: /^\/c\/pay\/([^/]+)$/,
    answer: (account, id) => show(account, account.sessions.get(id, 'session'), ''),
  },
  {
    method: 'POST',
    path: /^\/c\/pay\/([^/]+)\/pay$/,
    answer: (account, id) => press(account, account.sessions.get(id, 'session'), 'pm_card_visa'),
  },
  {
    method: 'POST',
    path: /^\/c\/pay\/([^/]+)\/decline$/,
    answer: (account, id) => press(account, account.sessions.get(id, 'session'), 'pm_card_chargeCustomerFail'),
  },
]

function press(
  account: Account,
  session: Stripe.Checkout.Session,
  card: 'pm_card_visa' | 'pm_card_chargeCustomerFail',
): PageAnswer {
  if (session.status !== 'open') return over(session)
  if (!completeSession(account, session, card)) return show(account, session, 'Your card was declined.')
  return session.success_url ? redirect(successUrl(session)) : html(htmlPage('Thanks for your payment', '<p>Paid.</p>'))
}

/** Stripe writes the session's id where the address asks for it. */
export function successUrl(session: Stripe.Checkout.Session): string {
  return (session.success_url ?? '').replaceAll('{CHECKOUT_SESSION_ID}', session.id)
}

function over(session: Stripe.Checkout.Session): PageAnswer {
  const said = session.status === 'expired' ? 'This checkout has expired.' : 'You have already paid.'
  return html(htmlPage(said, ''), 410)
}

function show(account: Account, session: Stripe.Checkout.Session, problem: string): PageAnswer {
  if (session.status !== 'open') return over(session)
  const currency = session.currency ?? 'usd'
  const rows = (account.sessionLines.get(session.id) ?? []).map(
    ({ description, quantity, amount_total }) =>
      `<tr><td>${escaped(description ?? '')}</td><td>${quantity}</td><td>${amountText(amount_total, currency)}</td></tr>`,
  )
  const here = `/c/pay/${session.id}`
  const buttons = [
    buttonForm(`${here}/pay`, 'Pay'),
    buttonForm(`${here}/decline`, 'Decline'),
    session.cancel_url ? `<a href="${escaped(session.cancel_url)}" role="button">Cancel</a>` : '',
  ]
  const due = `<p>Due today: <strong>${amountText(session.amount_total ?? 0, currency)}</strong></p>`
  const alert = problem === '' ? '' : `<p role="alert">${escaped(problem)}</p>`
  return html(
    htmlPage('Checkout', `${alert}<table>${rows.join('')}</table>${due}${buttons.join(' ')}`),
    problem === '' ? 200 : 402,
  )
}
