import { checkoutPages } from './checkout-page.js'
import { checkoutRoutes } from './checkout-sessions.js'
import { customerRoutes } from './customers.js'
import { disputeRoutes } from './disputes.js'
import { eventRoutes } from './events.js'
import { invoicePages } from './invoice-page.js'
import { invoiceRoutes } from './invoices.js'
import { paymentLinkPages, paymentLinkRoutes } from './payment-links.js'
import { paymentMethodRoutes } from './payment-methods.js'
import { paymentRoutes } from './payments.js'
import { portalPages } from './portal-page.js'
import { portalRoutes } from './portal-sessions.js'
import { priceRoutes } from './prices.js'
import { productRoutes } from './products.js'
import { refundRoutes } from './refunds.js'
import type { Route } from './route.js'
import { subscriptionRoutes } from './subscriptions.js'
import { testClockRoutes } from './test-clocks.js'
import type { WebPage } from './web-page.js'

/** The whole API, in the order in which paths are tried. */
export const routes: readonly Route[] = [
  ...customerRoutes,
  ...productRoutes,
  ...priceRoutes,
  ...checkoutRoutes,
  ...subscriptionRoutes,
  ...invoiceRoutes,
  ...paymentMethodRoutes,
  ...paymentRoutes,
  ...refundRoutes,
  ...disputeRoutes,
  ...portalRoutes,
  ...paymentLinkRoutes,
  ...eventRoutes,
  ...testClockRoutes,
]

export const webPages: readonly WebPage[] = [...checkoutPages, ...portalPages, ...paymentLinkPages, ...invoicePages]
