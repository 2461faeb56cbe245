import { useQueryClient } from '@tanstack/react-query'
import type { Preset, StrategyInfo } from '../../api/types.js'
import { useApp } from '../../app.js'
import { Confirm } from '../../parts/confirm.js'
import { Section } from '../../parts/page.js'
import { Table } from '../../parts/table.js'

/** Presets of one's own, and a way to be rid of them. Nothing where there are none. */
export function OwnPresets({ presets, catalogue }: { presets: readonly Preset[]; catalogue: readonly StrategyInfo[] }) {
  const { client } = useApp()
  const queries = useQueryClient()
  const own = presets.filter(({ builtIn }) => !builtIn)
  if (own.length === 0) return null
  const remove = async (id: string) => {
    await client.delete(`/presets/${id}`)
    await queries.invalidateQueries({ queryKey: ['/presets'] })
  }
  return (
    <Section title="Your presets">
      <Table
        caption="Your presets"
        rows={own}
        rowKey={({ id }) => id}
        columns={[
          { head: 'Name', cell: ({ name }) => name },
          {
            head: 'Strategy',
            cell: ({ strategy, timeframe }) =>
              `${catalogue.find(({ id }) => id === strategy)?.name ?? strategy}, ${timeframe}`,
          },
          { head: 'For', cell: ({ summary }) => summary || '–' },
          {
            head: 'Delete',
            cell: ({ id, name }) => (
              <Confirm
                trigger={{ look: 'danger', children: 'Delete', 'aria-label': `Delete the preset ${name}` }}
                title={`Delete the preset ${name}?`}
                action="Delete it"
                onConfirm={() => remove(id)}
              >
                Strategies that were set up with it stay as they are.
              </Confirm>
            ),
          },
        ]}
      />
    </Section>
  )
}
