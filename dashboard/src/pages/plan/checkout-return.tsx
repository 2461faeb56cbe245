import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { Plan, Subscription } from '../../api/types.js'
import { Button } from '../../parts/button.js'
import { Notice } from '../../parts/notice.js'
import { planName } from './plan-facts.js'
import { isInForce } from './plan-news.js'
import { useBillingChanged } from './use-billing.js'

interface CheckoutReturnProps {
  /** `done`: it was paid; `left`: it was not. */
  readonly checkout?: string | undefined
  /** A subscription became one to this plan. */
  readonly changed?: string | undefined
  readonly mine: Subscription
  readonly plans: readonly Plan[]
}

/** What became of a visit to the checkout. A payment is told to Sath by Stripe, so the plan may come a moment after the user. */
export function CheckoutReturn({ checkout, changed, mine, plans }: CheckoutReturnProps) {
  const navigate = useNavigate()
  const { stripe } = mine
  const isThere = changed === undefined ? stripe !== null && isInForce(stripe) : stripe?.plan === changed
  // What came may be changed again on this page; that is nothing to wait for.
  const [hasArrived, setArrived] = useState(isThere)
  if (isThere && !hasArrived) setArrived(true)
  const leave = () => void navigate({ to: '/billing', search: {}, replace: true })
  if (checkout === 'left')
    return (
      <Notice tone="info" title="You left the checkout.">
        Nothing was charged. <Close onClick={leave} />
      </Notice>
    )
  if (checkout !== 'done' && changed === undefined) return null
  if (!hasArrived) return <Waiting onLeave={leave} />
  // A plan that comes later has a notice of its own.
  if (!isThere || stripe === null || stripe.paidPlan || stripe.cancelAt !== null) return null
  return (
    <Notice tone="good" title={`You are subscribed to ${planName(plans, stripe.plan)}.`}>
      {checkout === 'done' && 'Thank you. '}
      <Close onClick={leave} />
    </Notice>
  )
}

function Close({ onClick }: { onClick: () => void }) {
  return (
    <Button look="quiet" onClick={onClick}>
      Close
    </Button>
  )
}

const lookEveryMs = 1_000
const patienceMs = 30_000

/** Looks again and again; after a while it says so and leaves it to the user. */
function Waiting({ onLeave }: { onLeave: () => void }) {
  const lookAgain = useBillingChanged()
  const [isLate, setLate] = useState(false)
  useEffect(() => {
    if (isLate) return undefined
    const looking = setInterval(() => void lookAgain(), lookEveryMs)
    const patience = setTimeout(() => setLate(true), patienceMs)
    return () => {
      clearInterval(looking)
      clearTimeout(patience)
    }
  }, [isLate, lookAgain])
  if (!isLate)
    return (
      <div className="card">
        <p role="status">Stripe is telling Sath about your payment…</p>
        <progress aria-label="Waiting for the plan" />
        <div className="actions">
          <Button onClick={onLeave}>Go on without waiting</Button>
        </div>
      </div>
    )
  return (
    <Notice tone="warning" title="This takes longer than usual.">
      Stripe has your payment, and the plan comes by itself as soon as Stripe has told Sath.
      <div className="notice-actions">
        <Button onClick={() => setLate(false)}>Wait again</Button>
        <Button onClick={onLeave}>Go on without waiting</Button>
      </div>
    </Notice>
  )
}
