import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { configQuery } from '../../api/queries.js'
import { useApp } from '../../app.js'
import { Loaded } from '../../parts/loaded.js'
import { Page } from '../../parts/page.js'
import { SetupForm } from './setup-form.js'
import { useLists } from './use-lists.js'

export function SetupPage() {
  const { client } = useApp()
  const [edition, setEdition] = useState(0)
  const config = useQuery(configQuery(client))
  const lists = useLists()
  return (
    <Page title="Set up">
      <Loaded query={config}>
        {(saved) => (
          <Loaded query={lists}>
            {(all) => (
              <SetupForm
                key={edition}
                saved={saved}
                reload={async () => {
                  await config.refetch()
                  setEdition(edition + 1)
                }}
                lists={all}
              />
            )}
          </Loaded>
        )}
      </Loaded>
    </Page>
  )
}
