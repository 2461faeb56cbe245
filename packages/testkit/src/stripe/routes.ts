import { checkoutPages } from './checkout-page.js'
import { checkoutRoutes } from './checkout-sessions.js'
import { customerRoutes } from './customers.js'
import { eventRoutes } from './events.js'
import { invoicePages } from './invoice-page.js'
import { invoiceRoutes } from './invoices.js'
import { paymentMethodRoutes } from './payment-methods.js'
import { paymentRoutes } from './payments.js'
import { priceRoutes } from './prices.js'
import { productRoutes } from './products.js'
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
  ...eventRoutes,
  ...testClockRoutes,
]

export const webPages: readonly WebPage[] = [...checkoutPages, ...invoicePages]
