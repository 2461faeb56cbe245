import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { simulationPresetsQuery } from '../../api/queries.js'
import { uuid } from '../../api/uuid.js'
import { useApp } from '../../app.js'
import { Empty, Loaded } from '../../parts/loaded.js'
import { Notice } from '../../parts/notice.js'
import { Page, Section } from '../../parts/page.js'
import { newStrategy } from '../setup/draft.js'
import { useLists } from '../setup/use-lists.js'
import { firstSimulation } from './simulation-draft.js'
import { SimulationForm } from './simulation-form.js'
import { SimulationList } from './simulation-list.js'

export function SimulationsPage() {
  const { client } = useApp()
  const navigate = useNavigate()
  const lists = useLists()
  const presets = useQuery(simulationPresetsQuery(client))
  return (
    <Page title="Simulations">
      <Notice tone="info" title="What a simulation can tell.">
        It says what a plan of stakes does with a win rate. It does not say which win rate you will have: only trades
        and back-tests measure that.
      </Notice>
      <Section title="New simulation">
        <Loaded query={lists}>
          {(all) => {
            const [info] = all.strategies
            if (!info) return <Empty>There is no strategy to measure a win rate with.</Empty>
            return (
              <Loaded query={presets}>
                {(ready) => (
                  <SimulationForm
                    first={firstSimulation(newStrategy(uuid(), info, all.symbols[0]?.symbol))}
                    lists={all}
                    presets={ready}
                    onAsked={(id) => navigate({ to: '/simulations/$id', params: { id } })}
                  />
                )}
              </Loaded>
            )
          }}
        </Loaded>
      </Section>
      <Section title="Your simulations">
        <SimulationList />
      </Section>
    </Page>
  )
}
