/**
 * Makes Stripe's products and prices those of the plans in the database. Safe to repeat; run it after prices were edited.
 * DATABASE_URL, STRIPE_SECRET_KEY and, for another Stripe, STRIPE_API_BASE in the environment. Prints one line for each price.
 */
import { writeCatalogue } from './billing/catalogue.js'
import { runWithStripe } from './billing/run-with-stripe.js'

await runWithStripe(process.env, async ({ db, billing }) => {
  for (const { lookupKey, change } of await writeCatalogue(db, billing.stripe))
    process.stdout.write(`${lookupKey} ${change}\n`)
})
