import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { keysQuery } from '../../api/queries.js'
import type { Balance, Performance, Whole } from '../../api/types.js'
import { useApp } from '../../app.js'
import { Fact, Facts } from '../../parts/facts.js'
import { money, number } from '../../parts/format.js'
import { Empty, Loaded } from '../../parts/loaded.js'
import { PickField } from '../../parts/pick-field.js'
import { ProfitText } from '../../parts/profit-text.js'

const periods = [
  { value: '', label: 'All of it' },
  { value: 'day', label: 'Last day' },
  { value: 'week', label: 'Last 7 days' },
  { value: 'month', label: 'Last 30 days' },
]

/** How the closed trades of one account went, in market time. */
export function PerformanceFacts() {
  const { client } = useApp()
  const [account, setAccount] = useState('paper')
  const [period, setPeriod] = useState('')
  const { data: keys = [] } = useQuery(keysQuery(client))
  const { data: balances = [] } = useQuery({
    queryKey: ['/bot/accounts'],
    queryFn: async ({ signal }) => (await client.get<Whole<Balance>>('/bot/accounts', { signal })).items,
  })
  const query = useQuery({
    queryKey: ['/performance', account, period],
    queryFn: ({ signal }) =>
      client.get<Performance>('/performance', { query: { account, period: period || undefined }, signal }),
  })
  const accounts = [
    { value: 'paper', label: 'Paper' },
    ...balances
      .filter(({ account: id }) => id !== 'paper')
      .map(({ account: id }) => ({ value: id, label: keys.find((key) => key.id === id)?.label ?? 'Broker account' })),
  ]
  return (
    <>
      <div className="picker">
        <PickField name="performance-account" label="Account" options={accounts} value={account} onPick={setAccount} />
        <PickField name="performance-period" label="Period" options={periods} value={period} onPick={setPeriod} />
      </div>
      <Loaded query={query}>
        {(performance) =>
          performance.trades === 0 ? (
            <Empty>No trade has closed yet.</Empty>
          ) : (
            <Figures of={performance} balance={balances.find((one) => one.account === account)} />
          )
        }
      </Loaded>
    </>
  )
}

function Figures({ of, balance }: { of: Performance; balance: Balance | undefined }) {
  const amount = (value: string) => money(value, of.currency)
  const ratio = (value: number | null) => (value === null ? '–' : number(value, 2))
  return (
    <Facts>
      {balance && <Fact name="Balance">{money(balance.balance, balance.currency)}</Fact>}
      <Fact name="Profit">
        <ProfitText amount={of.profit} currency={of.currency} />
      </Fact>
      <Fact name="Trades">
        {number(of.trades, 0)} ({of.wins} won, {of.losses} lost, {of.ties} tied)
      </Fact>
      <Fact name="Win rate">{of.winRate === null ? '–' : `${number(of.winRate * 100)} %`}</Fact>
      <Fact name="Profit factor">{ratio(of.profitFactor)}</Fact>
      <Fact name="Sharpe of a trade">{ratio(of.sharpe)}</Fact>
      <Fact name="Largest drawdown">
        {amount(of.maxDrawdown)} ({number(of.maxDrawdownRate * 100)} %)
      </Fact>
      <Fact name="Longest runs">
        {of.longestWinStreak} won, {of.longestLossStreak} lost
      </Fact>
      <Fact name="Staked in all">{amount(of.staked)}</Fact>
    </Facts>
  )
}
