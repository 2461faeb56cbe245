import type { Run } from '../../api/types.js'
import { MetricChart } from '../../charts/metric-chart.js'
import { Fact, Facts } from '../../parts/facts.js'
import { bytes, number } from '../../parts/format.js'
import { Section } from '../../parts/page.js'
import { Ago, Time } from '../../parts/time.js'

export function RunFacts({ run }: { run: Run }) {
  return (
    <Section title="This run">
      <Facts>
        <Fact name="Container">
          {run.containerId ? <code title={run.containerId}>{short(run.containerId)}</code> : '–'}
        </Fact>
        <Fact name="Image">{run.image ? <code title={run.image}>{short(run.image)}</code> : '–'}</Fact>
        <Fact name="Epoch">{run.epoch}</Fact>
        <Fact name="Engine">{run.engine}</Fact>
        <Fact name="Node">{run.node}</Fact>
        <Fact name="Started">
          <Time at={run.startedAt} />
        </Fact>
        <Fact name="Last heartbeat">{run.lastHeartbeatAt ? <Ago at={run.lastHeartbeatAt} /> : 'none yet'}</Fact>
        <Fact name="Restarts">{run.restarts}</Fact>
        <Fact name="Memory">{run.memoryBytes === null ? '–' : bytes(run.memoryBytes)}</Fact>
        <Fact name="CPU">{run.cpuPercent === null ? '–' : `${number(run.cpuPercent)} %`}</Fact>
        <Fact name="Loop lag">{run.loopLagMs === null ? '–' : `${number(run.loopLagMs)} ms`}</Fact>
      </Facts>
      <MetricChart title="Memory, last hour" match={/^memory/} hours={1} />
    </Section>
  )
}

/** The first twelve digits, as Docker shows ids; names and tags stay whole. */
function short(id: string): string {
  const digits = id.replace(/^sha256:/, '')
  return /^[0-9a-f]{16,}$/.test(digits) ? digits.slice(0, 12) : id
}
