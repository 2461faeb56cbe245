import { useQueries } from '@tanstack/react-query'
import { useState } from 'react'
import { configQuery, keysQuery, planQuery, strategiesQuery, symbolsQuery } from '../../api/queries.js'
import { useApp } from '../../app.js'
import { Loaded } from '../../parts/loaded.js'
import { Page } from '../../parts/page.js'
import { SetupForm } from './setup-form.js'

export function SetupPage() {
  const { client } = useApp()
  const [edition, setEdition] = useState(0)
  const [config, strategies, symbols, keys, plan] = useQueries({
    queries: [configQuery(client), strategiesQuery(client), symbolsQuery(client), keysQuery(client), planQuery(client)],
  })
  // The plan is a help only: the server says what it refuses.
  const needed = [config, strategies, symbols, keys] as const
  const all = {
    data: needed.every(({ data }) => data !== undefined) && !plan.isLoading ? true : undefined,
    error: needed.find(({ error }) => error !== null)?.error ?? null,
    isFetching: needed.some(({ isFetching }) => isFetching),
    refetch: () => needed.forEach((query) => void query.refetch()),
  }
  return (
    <Page title="Set up">
      <Loaded query={all}>
        {() => (
          <SetupForm
            key={edition}
            saved={config.data ?? { version: 0, config: null }}
            reload={async () => {
              await config.refetch()
              setEdition(edition + 1)
            }}
            lists={{
              strategies: strategies.data ?? [],
              symbols: symbols.data ?? [],
              keys: keys.data ?? [],
              plan: plan.data ?? null,
            }}
          />
        )}
      </Loaded>
    </Page>
  )
}
