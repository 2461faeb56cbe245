import { randomUUID } from 'node:crypto'
import t from 'tap'
import type { BotSpec } from './container-engine.js'
import { dockerOptions } from './docker-options.js'
import { asInspected, hardeningFaults, type Inspected } from './hardening-faults.js'

const installationId = randomUUID()
const spec: BotSpec = {
  tenantId: randomUUID(),
  runId: randomUUID(),
  epoch: 3,
  imageId: 'sha256:abc',
  memoryMiB: 128,
  cpu: 0.25,
  socketDir: '/run/sath/x/run',
  stopSeconds: 60,
}

/** What Docker's inspect says of a container made by our own options, cut to what is checked. */
function inspected(): Inspected {
  const own = asInspected(dockerOptions(installationId, spec, { cgroupV2: true }))
  return structuredClone({
    ...own,
    Name: `/sath-${installationId}-${spec.tenantId}`,
    Image: spec.imageId,
    AppArmorProfile: 'docker-default',
    Config: { ...own.Config, Env: null, Entrypoint: null, Domainname: '', Healthcheck: undefined, Volumes: null },
    HostConfig: {
      ...own.HostConfig,
      Binds: null,
      VolumesFrom: null,
      CapAdd: null,
      PortBindings: null,
      PublishAllPorts: false,
      PidMode: '',
      UTSMode: '',
      UsernsMode: '',
      CgroupParent: '',
      Devices: null,
      DeviceRequests: null,
      OomScoreAdj: 0,
      Runtime: 'runc',
      MaskedPaths: ['/proc/kcore'],
      ReadonlyPaths: ['/proc/sys'],
    },
    Mounts: [
      { Type: 'bind', Source: spec.socketDir, Destination: '/run/sath', Mode: '', RW: false, Propagation: 'private' },
    ],
    NetworkSettings: { Networks: { none: {} }, Ports: {} },
  })
}

const rules = { installationId, cgroupV2: true }
const other = { Type: 'bind', Source: '/var/run/docker.sock', Destination: '/d', RW: false, Propagation: 'private' }

/** One flip of each row of the table: where, and what stands there instead. */
const flips: readonly (readonly [path: string, value: unknown])[] = [
  ['Name', '/sath-somebody'],
  ['Image', 'sha256:other'],
  ['Config.Image', 'sath-bot:latest'],
  ['Config.User', ''],
  ['Config.User', '0:0'],
  ['Config.Cmd', ['/bin/sh']],
  ['Config.Entrypoint', ['/bin/sh']],
  ['Config.Hostname', 'ada'],
  ['Config.Env', ['NODE_OPTIONS=--inspect']],
  ['Config.Env', ['TOKEN=x']],
  ['Config.Labels', { email: 'ada@example.com' }],
  ['Config.Tty', true],
  ['Config.OpenStdin', true],
  ['Config.StopSignal', 'SIGKILL'],
  ['Config.StopTimeout', 1],
  ['Config.Healthcheck', { Test: ['CMD', 'true'] }],
  ['Config.Volumes', { '/data': {} }],
  ['HostConfig.Privileged', true],
  ['HostConfig.CapDrop', []],
  ['HostConfig.CapDrop', ['NET_RAW']],
  ['HostConfig.CapAdd', ['SYS_ADMIN']],
  ['HostConfig.SecurityOpt', []],
  ['HostConfig.SecurityOpt', ['no-new-privileges:false']],
  ['HostConfig.SecurityOpt', ['no-new-privileges', 'seccomp=unconfined']],
  ['HostConfig.SecurityOpt', ['no-new-privileges', 'apparmor=unconfined']],
  ['HostConfig.SecurityOpt', ['no-new-privileges', 'label=disable']],
  ['AppArmorProfile', 'unconfined'],
  ['HostConfig.ReadonlyRootfs', false],
  ['HostConfig.Tmpfs', { '/tmp': '' }],
  ['HostConfig.Memory', 0],
  ['HostConfig.MemorySwap', -1],
  ['HostConfig.OomKillDisable', true],
  ['HostConfig.OomScoreAdj', -500],
  ['HostConfig.NanoCpus', 0],
  ['HostConfig.PidsLimit', 0],
  ['HostConfig.PidsLimit', null],
  ['HostConfig.Ulimits', null],
  ['HostConfig.Ulimits', [{ Name: 'core', Soft: 0, Hard: 0 }]],
  ['HostConfig.RestartPolicy', { Name: 'always' }],
  ['HostConfig.AutoRemove', true],
  ['HostConfig.NetworkMode', 'bridge'],
  ['NetworkSettings.Networks', { none: {}, bridge: {} }],
  ['HostConfig.PortBindings', { '80/tcp': [{ HostPort: '80' }] }],
  ['HostConfig.PublishAllPorts', true],
  ['NetworkSettings.Ports', { '80/tcp': [] }],
  ['HostConfig.PidMode', 'host'],
  ['HostConfig.IpcMode', 'private'],
  ['HostConfig.UTSMode', 'host'],
  ['HostConfig.UsernsMode', 'host'],
  ['HostConfig.CgroupnsMode', 'host'],
  ['HostConfig.CgroupParent', '/system.slice'],
  ['HostConfig.Devices', [{ PathOnHost: '/dev/sda' }]],
  ['HostConfig.DeviceRequests', [{ Driver: 'nvidia' }]],
  ['HostConfig.DeviceCgroupRules', ['c 1:3 rwm']],
  ['HostConfig.Binds', ['/:/host']],
  ['HostConfig.VolumesFrom', ['other']],
  ['HostConfig.Mounts', [other]],
  ['Mounts', []],
  ['Mounts', [other]],
  ['Mounts.0.RW', true],
  ['Mounts.0.Propagation', 'rshared'],
  ['Mounts.0.Source', '/run/sath/x'],
  ['HostConfig.MaskedPaths', []],
  ['HostConfig.ReadonlyPaths', []],
  ['HostConfig.Sysctls', { 'net.ipv4.ip_forward': '1' }],
  ['HostConfig.ExtraHosts', ['a:1.2.3.4']],
  ['HostConfig.Links', ['db']],
  ['HostConfig.GroupAdd', ['docker']],
  ['HostConfig.Runtime', 'mine'],
  ['HostConfig.Init', false],
  ['HostConfig.LogConfig', { Type: 'json-file', Config: {} }],
]

function flip(path: string, value: unknown): Inspected {
  const whole = inspected()
  const names = path.split('.')
  const last = names.pop() ?? ''
  const place = names.reduce((at: Record<string, unknown>, name) => at[name] as Record<string, unknown>, { ...whole })
  if (names.length === 0) return { ...whole, [last]: value }
  place[last] = value
  return whole
}

t.test('our own options and what Docker makes of them have no fault', async (t) => {
  t.same(hardeningFaults(inspected(), spec, rules), [])
  t.same(hardeningFaults(asInspected(dockerOptions(installationId, spec, { cgroupV2: true })), spec, rules), [])
  const v1 = { installationId, cgroupV2: false }
  t.same(hardeningFaults(asInspected(dockerOptions(installationId, spec, v1)), spec, v1), [], 'on cgroup v1 too')
})

t.test('every row of the table is found when it alone is otherwise', async (t) => {
  for (const [path, value] of flips) {
    const faults = hardeningFaults(flip(path, value), spec, rules)
    t.equal(faults.length, 1, `${path} = ${JSON.stringify(value)}: ${faults.join('; ')}`)
  }
})

t.test('every check is there for a flip', async (t) => {
  const found = new Set(flips.flatMap(([path, value]) => hardeningFaults(flip(path, value), spec, rules)))
  const broken = hardeningFaults(
    {
      Name: 1,
      Image: 1,
      Config: { Env: ['A=B'], Tty: 1, OpenStdin: 1, Healthcheck: 1, Volumes: 1, Entrypoint: 1 },
      HostConfig: {},
    },
    spec,
    rules,
  )
  for (const fault of broken) t.ok(found.has(fault), fault)
})

t.test('another plan’s limits are a fault', async (t) => {
  for (const more of [{ memoryMiB: 256 }, { cpu: 0.5 }, { epoch: 4 }, { runId: randomUUID() }])
    t.ok(hardeningFaults(inspected(), { ...spec, ...more }, rules).length > 0, JSON.stringify(more))
})
