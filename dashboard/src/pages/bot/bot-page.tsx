import { useQuery } from '@tanstack/react-query'
import { configQuery, statusQuery } from '../../api/queries.js'
import { useApp } from '../../app.js'
import { Loaded } from '../../parts/loaded.js'
import { Page, Section } from '../../parts/page.js'
import { Events } from './events.js'
import { FirstSteps } from './first-steps.js'
import { LiveLog } from './live-log.js'
import { Receipt } from './receipt.js'
import { RunFacts } from './run-facts.js'
import { StatusPanel } from './status-panel.js'

export function BotPage() {
  const { client } = useApp()
  const status = useQuery(statusQuery(client))
  const config = useQuery(configQuery(client))
  return (
    <Page title="Your bot">
      {config.data?.version === 0 && <FirstSteps />}
      <Loaded query={status}>
        {(bot) => (
          <>
            <StatusPanel bot={bot} config={config.data?.config ?? null} />
            {bot.run && <RunFacts run={bot.run} />}
            {bot.lastStop && bot.status !== 'running' && bot.status !== 'starting' && (
              <Receipt receipt={bot.lastStop} />
            )}
          </>
        )}
      </Loaded>
      <Section title="Log">
        <LiveLog />
      </Section>
      <Section title="Events">
        <Events />
      </Section>
    </Page>
  )
}
