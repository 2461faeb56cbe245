import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { keysQuery } from '../../api/queries.js'
import { useApp } from '../../app.js'
import { Button } from '../../parts/button.js'
import { Empty, Loaded } from '../../parts/loaded.js'
import { Page } from '../../parts/page.js'
import { KeyCard } from './key-card.js'
import { KeyForm } from './key-form.js'

export function KeysPage() {
  const { client } = useApp()
  const query = useQuery(keysQuery(client))
  const [adding, setAdding] = useState(false)
  return (
    <Page
      title="Broker keys"
      actions={
        <Button look="primary" onClick={() => setAdding(true)}>
          Add a key
        </Button>
      }
    >
      <p className="muted">
        A key lets your bot trade on your own account. It is sealed as it arrives: nobody can read it back, not even
        you. Paper trading needs none.
      </p>
      <Loaded query={query}>
        {(keys) =>
          keys.length === 0 ? (
            <Empty>No key stored. Your bot can trade on paper without one.</Empty>
          ) : (
            <div className="columns">
              {keys.map((key) => (
                <KeyCard key={key.id} stored={key} />
              ))}
            </div>
          )
        }
      </Loaded>
      {adding && <KeyForm onClose={() => setAdding(false)} />}
    </Page>
  )
}
