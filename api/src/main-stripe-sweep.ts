/**
 * Compares every customer with Stripe and repairs plans, subscriptions and payments, as the API does by itself once a day.
 * DATABASE_URL, STRIPE_SECRET_KEY and, for another Stripe, STRIPE_API_BASE in the environment. Prints what it found.
 */
import { runWithStripe } from './billing/run-with-stripe.js'
import { sweepStripe } from './billing/sweep.js'

await runWithStripe(process.env, async (parts) => {
  const swept = await sweepStripe(parts)
  process.stdout.write(`${JSON.stringify(swept)}\n`)
  if (swept.failed > 0) process.exitCode = 1
})
