import type { PlanRefusal } from '@sath/core'
import type { NewMail } from '@sath/db'
import type { PlanChangePreview } from '@sath/engine'
import { alreadyRegisteredMail } from './letters/already-registered-mail.js'
import { graceEndingMail } from './letters/grace-ending-mail.js'
import { invoiceMail } from './letters/invoice-mail.js'
import { liveStoppedMail } from './letters/live-stopped-mail.js'
import { paymentFailedMail } from './letters/payment-failed-mail.js'
import { paymentLinkMail } from './letters/payment-link-mail.js'
import { planChangeScheduledMail } from './letters/plan-change-scheduled-mail.js'
import { planChangedMail } from './letters/plan-changed-mail.js'
import { promoEndingMail } from './letters/promo-ending-mail.js'
import { resetMail } from './letters/reset-mail.js'
import { trialEndingMail } from './letters/trial-ending-mail.js'
import { verifyMail } from './letters/verify-mail.js'
import type { Reader } from './mail-of.js'

export const noon = new Date('2026-12-03T14:05:00Z')
export const invoiceUrl = 'https://pay.example/i/acct_1/test?a=1&b=2'

/** Everything that people name themselves. */
export interface Names {
  readonly plan: string
  readonly strategy: string
  readonly number: string
}
export const names: Names = { plan: 'Pro', strategy: 'Morning RSI', number: 'SATH-0007' }

/** One of each mail, by the name of its file. */
export const samples: Readonly<Record<string, (reader: Reader, names: Names) => NewMail>> = {
  'verify-mail': (reader) => verifyMail({ token: 'tok-1' }, reader),
  'reset-mail': (reader) => resetMail({ token: 'tok-2' }, reader),
  'already-registered-mail': (reader) => alreadyRegisteredMail({}, reader),
  'invoice-mail': (reader, { plan, number }) =>
    invoiceMail({ plan, number, amount: '1234.50', currency: 'USD', paidAt: noon, url: invoiceUrl }, reader),
  'payment-failed-mail': (reader, { plan }) =>
    paymentFailedMail({ plan, amount: '99', currency: 'USD', graceEndsAt: noon, payUrl: invoiceUrl }, reader),
  'payment-link-mail': (reader, { plan }) =>
    paymentLinkMail(
      { plan, cycle: 'monthly', price: '99.00', due: '0.00', currency: 'USD', expiresAt: noon, url: invoiceUrl },
      reader,
    ),
  'grace-ending-mail': (reader, { plan }) =>
    graceEndingMail({ plan, nextPlan: 'Free', due: { amount: '99.00', currency: 'USD' }, endsAt: noon }, reader),
  'plan-changed-mail': (reader, { plan, strategy }) =>
    planChangedMail({ from: plan, to: 'Free', changedAt: noon, preview: preview(strategy) }, reader),
  'plan-change-scheduled-mail': (reader, { plan, strategy }) =>
    planChangeScheduledMail({ from: plan, to: 'Basic', changesAt: noon, preview: preview(strategy) }, reader),
  'promo-ending-mail': (reader, { plan }) =>
    promoEndingMail({ plan, nextPlan: 'Free', endsAt: noon, daysLeft: 7 }, reader),
  'trial-ending-mail': (reader, { plan }) =>
    trialEndingMail({ plan, endsAt: noon, charge: { amount: '990', currency: 'USD', cycle: 'yearly' } }, reader),
  'live-stopped-mail': (reader, { plan, strategy }) => liveStoppedMail({ plan, preview: preview(strategy) }, reader),
}

/** What a smaller plan does to a bot with something of everything. */
export function preview(strategy: string, over: Partial<PlanChangePreview> = {}): PlanChangePreview {
  const change = { before: 'stays', after: 'stays', reasons: [], pausedSymbols: [] } as const
  const beyond = (limit: PlanRefusal['limit']) => [{ limit, reason: 'over' }]
  const position = { tradeId: 't', strategyId: 'a', fate: 'kept', expiresAt: null } as const
  return {
    held: false,
    strategies: [
      { ...change, strategyId: 'a', name: strategy, bust: { level: 3, stake: '8.00' } },
      {
        ...change,
        strategyId: 'b',
        name: 'Noon BB',
        after: 'partly',
        reasons: beyond('maxSymbols'),
        pausedSymbols: ['SOLUSDT', 'ADAUSDT'],
      },
      { ...change, strategyId: 'c', name: 'Night EMA', after: 'paused', reasons: beyond('maxStrategies') },
    ],
    positions: [
      { ...position, symbol: 'BTCUSDT', expiresAt: noon.getTime() },
      { ...position, symbol: 'ETHUSDT', strategyId: null },
      { ...position, symbol: 'SOLUSDT', strategyId: 'b', fate: 'closed' },
    ],
    memoryMiB: { before: 256, after: 128, when: 'next-start' },
    cpu: { before: 0.5, after: 0.25, when: 'next-start' },
    beforeNextStart: [{ path: 'strategies', message: 'too many' }],
    ...over,
  }
}
