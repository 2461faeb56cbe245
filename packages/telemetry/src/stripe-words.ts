/** Stripe's objects by the beginning of their ids. @see https://docs.stripe.com/api */
const objects =
  'acct|bpc|bps|card|ch|cs_live|cs_test|cus|dp|du|evt|ii|il|in|inpay|pi|plink|pm|po|price|prod|py|pyr|re|req|seti|si|src|sub|sub_sched|tok|txn|we'

/** Keys of the account, what webhooks are signed with, and what lets a browser finish a payment: gone as a whole. */
const secrets =
  /(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9*]+|whsec_[A-Za-z0-9+/=]+|[a-z]{2,8}_[A-Za-z0-9]{1,80}_secret_[A-Za-z0-9]+/g
/** An id is long and no word: some sign of it is a digit or a capital. In front of it may be anything, such as the n of a `\n`. */
const ids = new RegExp(`(${objects})_(?=[a-z]*[A-Z0-9])[A-Za-z0-9]{10,}([A-Za-z0-9]{4})`, 'g')

/** A text without Stripe's secrets, and its ids in part: "cus_…Xy12", enough to tell two apart, too little to look one up. */
export function maskStripe(text: string): string {
  // Most lines hold neither: looking for what both have costs less than looking for each.
  return text.includes('_') ? text.replace(secrets, '[redacted]').replace(ids, '$1_…$2') : text
}
