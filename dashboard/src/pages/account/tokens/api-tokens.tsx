import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { plansQuery, subscriptionQuery, tokensQuery } from '../../../api/queries.js'
import type { ApiToken, Plan } from '../../../api/types.js'
import { useApp } from '../../../app.js'
import { Empty, Loaded, Loading } from '../../../parts/loaded.js'
import { Notice } from '../../../parts/notice.js'
import { Section } from '../../../parts/page.js'
import { NewToken } from './new-token.js'
import { TokenTable } from './token-table.js'
import { whoHasAccess } from './token-words.js'

/** With what the user's own programs use Sath. */
export function ApiTokens() {
  const { client } = useApp()
  const tokens = useQuery(tokensQuery(client))
  const subscription = useQuery(subscriptionQuery(client))
  const plans = useQuery(plansQuery(client))
  const plan = plans.data?.find(({ id }) => id === subscription.data?.plan)
  const isKnown = !subscription.isPending && !plans.isPending
  // Where the plan cannot be read, Sath itself says no, and tokens can still be deleted.
  const hasAccess = plan?.apiAccess ?? true
  return (
    <Section title="API tokens" actions={isKnown && hasAccess && <NewToken />}>
      <p className="muted">
        With a token your own programs use Sath as you: over <a href="/docs">the HTTP API</a> and its stream. It cannot
        change your account, and sees neither your keys nor your payments.
      </p>
      {plan && !hasAccess && (
        <NoAccess plan={plan} plans={plans.data ?? []} hasTokens={(tokens.data?.length ?? 0) > 0} />
      )}
      {isKnown ? <Loaded query={tokens}>{(all) => <Tokens tokens={all} hasAccess={hasAccess} />}</Loaded> : <Loading />}
    </Section>
  )
}

interface TokensProps {
  readonly tokens: readonly ApiToken[]
  readonly hasAccess: boolean
}

function Tokens({ tokens, hasAccess }: TokensProps) {
  if (tokens.length > 0) return <TokenTable tokens={tokens} hasAccess={hasAccess} />
  if (!hasAccess) return null
  return <Empty>No token yet. Make one for each program, so that each can be shut out alone.</Empty>
}

interface NoAccessProps {
  readonly plan: Plan
  readonly plans: readonly Plan[]
  readonly hasTokens: boolean
}

function NoAccess({ plan, plans, hasTokens }: NoAccessProps) {
  return (
    <Notice tone={hasTokens ? 'warning' : 'info'} title={`${plan.name} has no API access.`}>
      {whoHasAccess(plans)} {hasTokens && 'Your tokens do not work until your plan has it again. '}
      <Link to="/billing">All plans</Link>
    </Notice>
  )
}
