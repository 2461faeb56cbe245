import { readFileSync } from 'node:fs'
import { realInflux } from '@sath/testkit'
import t from 'tap'

interface Dashboard {
  readonly uid: string
  readonly panels: readonly {
    readonly title: string
    readonly datasource: { readonly uid: string }
    readonly targets: readonly { readonly query: string; readonly datasource: { readonly uid: string } }[]
  }[]
  readonly templating: { readonly list: readonly { readonly query: string }[] }
}

const grafana = (path: string) => readFileSync(new URL(`../../grafana/${path}`, import.meta.url), 'utf8')
const dashboard: Dashboard = JSON.parse(grafana('dashboards/bots.json'))
const bucket = 'sath'

t.test('shows what every operator asks first', async (t) => {
  const titles = dashboard.panels.map(({ title }) => title)
  t.strictSame(titles, ['Memory', 'CPU', 'Loop lag', 'Candle lag', 'Equity', 'Order latency'])
})

t.test('asks the provisioned data source', async (t) => {
  const uid = /^ {4}uid: (\S+)$/m.exec(grafana('provisioning/datasources/influxdb.yaml'))?.[1]
  for (const panel of dashboard.panels) {
    t.equal(panel.datasource.uid, uid, panel.title)
    for (const target of panel.targets) t.equal(target.datasource.uid, uid, panel.title)
  }
})

const influx = await realInflux(t, [bucket])
t.test(
  'every query is understood by a real InfluxDB',
  { skip: influx ? false : 'influxd is not installed' },
  async (t) => {
    if (!influx) return
    const now = Date.now()
    // The shape that packages/telemetry writes: a measurement for each name, tenant and unit as tags, one field.
    const names = ['memory', 'cpu', 'loop-lag', 'candle-lag', 'equity', 'order-latency']
    const lines = ['a', 'b'].flatMap((tenant) =>
      names.map((name) => `${name},tenant=${tenant},unit=x value=1.5 ${now}`),
    )
    const written = await fetch(`${influx.url}/api/v2/write?org=sath&bucket=${bucket}&precision=ms`, {
      method: 'POST',
      headers: { authorization: `Token ${influx.token}` },
      body: lines.join('\n'),
    })
    t.equal(written.status, 204)

    for (const { title, targets } of dashboard.panels) {
      for (const { query } of targets) {
        t.match(await influx.query(bucket, asGrafanaAsks(query, 'a', now)), [{ time: String }], `${title}: ${query}`)
        t.strictSame(await influx.query(bucket, asGrafanaAsks(query, 'c', now)), [], 'nothing of somebody else')
      }
    }
    const tenants = await influx.query(bucket, dashboard.templating.list[0]?.query ?? '')
    t.strictSame(
      tenants.map(({ value }) => value),
      ['a', 'b'],
    )
  },
)

/** What Grafana makes of its own words in a query. */
function asGrafanaAsks(query: string, tenant: string, now: number): string {
  const asked = query
    .replaceAll('$timeFilter', `time >= ${now - 60_000}ms and time <= ${now + 60_000}ms`)
    .replaceAll('$__interval', '10s')
    .replaceAll('$tenant', tenant)
  if (/\$\w/.test(asked)) throw new Error(`not one of the words known here: ${asked}`)
  return asked
}
