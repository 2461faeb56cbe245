import { readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import {
  type Compose,
  type ComposeCommand,
  composeCommand,
  mounts,
  publishedPorts,
  type Service,
  settingsOfComposeFile,
} from './compose-model.js'

const settings = settingsOfComposeFile()
const required = [...settings].filter(([, { required }]) => required).map(([name]) => name)
const canary = (name: string) => `canary-${name.toLowerCase().replaceAll('_', '-')}`
const filledIn = Object.fromEntries(required.map((name) => [name, canary(name)]))

t.test('describes every setting in .env.example, and gives no password away there', async (t) => {
  const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8')
  for (const [name, { required }] of settings) {
    t.match(text, new RegExp(required ? `^${name}=$` : `^#${name}=$`, 'm'), name)
  }
  t.strictSame(text.match(/^[#A-Z_]+=.+$/gm), null, 'nothing is filled in')
})

const command = composeCommand()
t.test('docker-compose.yml', { skip: command ? false : 'docker compose is not installed' }, async (t) => {
  if (command) checks(t, command, command.read(filledIn))
})

/** These run once and end; everything else stays. */
const once = ['prepare', 'keys', 'migrate', 'admin']

function checks(t: Test, command: ComposeCommand, { services, networks }: Compose): void {
  const all = Object.entries(services)
  const staying = all.filter(([name]) => !once.includes(name))
  const whoever = (does: (service: Service) => boolean) =>
    all.filter(([, service]) => does(service)).map(([name]) => name)
  const whoMounts = (source: RegExp) => whoever((service) => mounts(service).some((mount) => source.test(mount.source)))
  const whoKnows = (setting: string) => {
    return whoever(({ environment, ...rest }) => JSON.stringify([environment, rest]).includes(canary(setting)))
  }

  t.test('has every program and service', async (t) => {
    const expected =
      'admin api certbot gateway grafana influxdb keys migrate nginx orchestrator postgres prepare redis worker'
    t.strictSame(all.map(([name]) => name).sort(), expected.split(' '))
  })

  t.test('refuses to start while a setting is missing, and names it', async (t) => {
    const { POSTGRES_PASSWORD: _, ...others } = filledIn
    t.throws(() => command.read(others), /POSTGRES_PASSWORD/)
    const secrets = [...settings.keys()].filter((name) => /PASSWORD|TOKEN/.test(name))
    t.ok(secrets.length >= 7)
    t.strictSame(
      secrets.filter((name) => !required.includes(name)),
      [],
      'no secret has a default',
    )
  })

  t.test('lets only the orchestrator reach Docker', async (t) => {
    t.strictSame(whoMounts(/docker\.sock/), ['orchestrator'])
    t.strictSame(
      whoever(({ environment }) => Boolean(environment?.DOCKER_HOST)),
      ['orchestrator'],
    )
  })

  t.test('lets only the gateway open sealed keys', async (t) => {
    t.strictSame(whoMounts(/opening-key$/), ['gateway', 'keys'], 'beside it, what makes the key once')
    t.equal(services.keys?.network_mode, 'none', 'which can tell nobody')
    t.strictSame(
      whoever(({ environment }) => Boolean(environment?.VAULT_PRIVATE_FILE)),
      ['gateway'],
    )
    t.ok(mounts(services.gateway).find(({ source }) => source.endsWith('opening-key'))?.readOnly)
    t.strictSame(whoMounts(/api-keys$/), ['api', 'keys'])
  })

  t.test('tells each secret only to those who need it', async (t) => {
    t.strictSame(whoKnows('POSTGRES_PASSWORD'), [
      'admin',
      'api',
      'gateway',
      'migrate',
      'orchestrator',
      'postgres',
      'worker',
    ])
    t.strictSame(whoKnows('REDIS_PASSWORD'), ['api', 'gateway', 'orchestrator', 'redis'])
    t.strictSame(whoKnows('INFLUX_TOKEN'), ['api', 'gateway', 'influxdb'])
    t.strictSame(whoKnows('INFLUX_READER_PASSWORD'), ['grafana', 'influxdb'])
    t.strictSame(whoKnows('SMTP_URL'), ['api'])
    t.strictSame(whoKnows('SATH_ADMIN_PASSWORD'), ['admin'])
  })

  t.test('keeps people away from the inner parts', async (t) => {
    const on = (network: string) => whoever((service) => network in (service.networks ?? {}))
    t.strictSame(on('edge'), ['api', 'grafana', 'nginx'])
    t.strictSame(on('inner'), [
      'admin',
      'api',
      'gateway',
      'influxdb',
      'migrate',
      'orchestrator',
      'postgres',
      'redis',
      'worker',
    ])
    t.strictSame(on('metrics'), ['grafana', 'influxdb'])
    t.strictSame(on('outside'), ['certbot', 'gateway'])
    t.equal(networks.inner?.internal, true)
    t.equal(networks.metrics?.internal, true)
    const placed = ({ networks, network_mode }: Service) => networks !== undefined || network_mode === 'none'
    t.strictSame(
      whoever((service) => !placed(service)),
      [],
      'nobody is on a network by default',
    )
  })

  t.test('gives the worker the database and nothing else', async (t) => {
    t.strictSame(Object.keys(services.worker?.environment ?? {}).sort(), [
      'DATABASE_URL',
      'LOG_LEVEL',
      'SATH_NODE',
      'WORKER_MEMORY_MIB',
      'WORKER_THREADS',
      'WORKER_TIME_LIMIT',
    ])
    t.strictSame(mounts(services.worker), [])
    t.match(services.worker?.depends_on, { migrate: { condition: 'service_completed_successfully' } })
  })

  t.test("publishes nginx's ports, and grafana's to this machine only", async (t) => {
    const published = Object.fromEntries(
      all.map(([name, service]) => [name, publishedPorts(service)] as const).filter(([, ports]) => ports.length > 0),
    )
    t.strictSame(published, { nginx: ['80', '443'], grafana: ['127.0.0.1:3000'] })
  })

  t.test('names the socket folder by the same path inside and outside', async (t) => {
    for (const name of ['gateway', 'orchestrator']) {
      const root = services[name]?.environment?.SATH_SOCKET_ROOT ?? ''
      t.ok(
        mounts(services[name]).some(({ source, target }) => source === root && target === root),
        name,
      )
      t.ok(`${root}/00000000-0000-0000-0000-000000000000/bot.sock`.length <= 107, 'a socket path has at most 107 bytes')
    }
    t.equal(services.gateway?.environment?.SATH_NODE, services.orchestrator?.environment?.SATH_NODE)
  })

  for (const [name, service] of all) {
    t.test(`guards ${name}`, async (t) => {
      t.match(service, { read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] })
      for (const power of ['privileged', 'pid', 'ipc', 'devices'] as const) t.notOk(service[power], `no ${power}`)
      t.not(service.network_mode, 'host')
      if (name === 'prepare') t.strictSame(service.cap_add, ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'])
      else {
        t.match(service.user, /^[1-9]\d*:\d+$/, 'not root')
        t.notOk(service.cap_add)
      }
      for (const limit of ['mem_limit', 'cpus', 'pids_limit'] as const) t.ok(service[limit], limit)
      t.match(service.logging, { driver: 'local', options: { 'max-size': /^\d+m$/, 'max-file': /^\d+$/ } })
      t.match(service.image, /:v?\d+\.\d+(\.\d+)?$/, 'a version, not whatever is newest')
    })
  }

  for (const [name, service] of staying) {
    t.test(`keeps ${name} running and looks after it`, async (t) => {
      t.equal(service.restart, 'unless-stopped')
      t.ok(service.healthcheck?.test)
      t.notOk(service.healthcheck?.disable)
    })
  }

  t.test('sets everything up before the programs start', async (t) => {
    for (const name of ['api', 'gateway', 'orchestrator']) {
      t.match(services[name]?.depends_on, {
        migrate: { condition: 'service_completed_successfully' },
        keys: { condition: 'service_completed_successfully' },
        prepare: { condition: 'service_completed_successfully' },
      })
    }
    t.match(services.migrate?.depends_on, { postgres: { condition: 'service_healthy' } })
    for (const name of once) t.equal(services[name]?.restart, 'no', `${name} runs once`)
  })
}
