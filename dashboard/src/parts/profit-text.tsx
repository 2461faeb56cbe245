import { signedMoney } from './format.js'

/** A gain or a loss with its sign, in its colour. */
export function ProfitText({ amount, currency }: { amount: string; currency: string }) {
  const look = amount.startsWith('-') ? 'loss' : /[1-9]/.test(amount) ? 'gain' : ''
  return <span className={look}>{signedMoney(amount, currency)}</span>
}
