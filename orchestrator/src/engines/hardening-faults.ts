import { isDeepStrictEqual } from 'node:util'
import type { ContainerCreateOptions } from 'dockerode'
import { imageLabels } from './bot-image.js'
import { type BotSpec, containerName } from './container-engine.js'
import { botCommand, botUser, dockerOptions, limitOptions, mountPoint } from './docker-options.js'

type Fields = Readonly<Record<string, unknown>>

/** The parts of `docker inspect` that are checked. Read as unknown: an engine may say anything. */
export interface Inspected {
  readonly Name?: unknown
  readonly Image?: unknown
  readonly AppArmorProfile?: unknown
  readonly Config: Fields
  readonly HostConfig: Fields
  /** Absent in our own options before there is a container. */
  readonly Mounts?: unknown
  readonly NetworkSettings?: { readonly Networks?: unknown; readonly Ports?: unknown }
}

interface Check {
  readonly inspected: Inspected
  readonly config: Fields
  readonly host: Fields
  readonly spec: BotSpec
  readonly installationId: string
  readonly cgroupV2: boolean
}

/** Docker says nothing in many ways. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false || value === 0) return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

const same = isDeepStrictEqual
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const security = (host: Fields) => list(host.SecurityOpt).map(String)

/** While limits are being raised, the container has the ones or the others. */
function mayHave(spec: BotSpec) {
  return [spec, ...(spec.raisingTo ? [spec.raisingTo] : [])].map(limitOptions)
}

/** Each row of the hardening table: what it is called when it fails, and when it holds. */
const checks: Readonly<Record<string, (c: Check) => boolean>> = {
  'Name is the constant one of the bot': ({ inspected, spec, installationId }) =>
    inspected.Name === undefined || inspected.Name === `/${containerName(installationId, spec.tenantId)}`,
  'Image is the one of the run': ({ inspected, config, spec }) =>
    (inspected.Image === undefined || inspected.Image === spec.imageId) && config.Image === spec.imageId,
  'User is the unprivileged one': ({ config }) => config.User === botUser,
  'Cmd is ours': ({ config, spec }) => same(config.Cmd, botCommand(spec.startMemoryMiB ?? spec.memoryMiB)),
  'Entrypoint is empty': ({ config }) => isEmpty(config.Entrypoint),
  'Hostname is constant': ({ config }) => config.Hostname === 'bot' && isEmpty(config.Domainname),
  'Env is empty but for Docker’s own PATH': ({ config }) =>
    list(config.Env).every((entry) => /^PATH=[\w/:]*$/.test(String(entry))),
  'Labels are ours': ({ config, spec, installationId, cgroupV2 }) => {
    const {
      [imageLabels.content]: _,
      [imageLabels.maker]: __,
      ...found
    } = (config.Labels ?? {}) as Record<string, string>
    return same(found, dockerOptions(installationId, spec, { cgroupV2 }).Labels)
  },
  'Tty is off': ({ config }) => isEmpty(config.Tty),
  'OpenStdin is off': ({ config }) => isEmpty(config.OpenStdin),
  'StopSignal is SIGTERM': ({ config }) => config.StopSignal === 'SIGTERM',
  'StopTimeout is the grace': ({ config, spec }) => config.StopTimeout === spec.stopSeconds,
  'Healthcheck is none': ({ config }) => isEmpty(config.Healthcheck),
  'Volumes are none': ({ config }) => isEmpty(config.Volumes),
  'Privileged is off': ({ host }) => isEmpty(host.Privileged),
  'CapDrop is ALL': ({ host }) => same(list(host.CapDrop), ['ALL']),
  'CapAdd is empty': ({ host }) => isEmpty(host.CapAdd),
  'SecurityOpt has no-new-privileges': ({ host }) =>
    security(host).some((option) => /^no-new-privileges(:true)?$/.test(option)),
  'SecurityOpt leaves seccomp as it is': ({ host }) => !security(host).some((option) => option.startsWith('seccomp')),
  'AppArmor and SELinux are not taken off': ({ host, inspected }) =>
    inspected.AppArmorProfile !== 'unconfined' &&
    !security(host).some((option) => /^(apparmor|label|systempaths)[=:]/.test(option)),
  'ReadonlyRootfs is on': ({ host }) => host.ReadonlyRootfs === true,
  'Tmpfs is empty': ({ host }) => isEmpty(host.Tmpfs),
  'Memory is the plan’s': ({ host, spec }) => mayHave(spec).some((limits) => host.Memory === limits.Memory),
  'MemorySwap is Memory': ({ host, spec }) => mayHave(spec).some((limits) => host.MemorySwap === limits.MemorySwap),
  'OomKillDisable is off': ({ host }) => isEmpty(host.OomKillDisable),
  'OomScoreAdj is not negative': ({ host }) => isEmpty(host.OomScoreAdj) || Number(host.OomScoreAdj) >= 0,
  'NanoCpus is the plan’s': ({ host, spec }) => mayHave(spec).some((limits) => host.NanoCpus === limits.NanoCpus),
  'PidsLimit is set': ({ host }) => Number(host.PidsLimit) > 0 && Number(host.PidsLimit) <= 128,
  'Ulimits are set': ({ host }) => {
    const limits = list(host.Ulimits) as readonly { Name?: string; Hard?: number }[]
    const hard = (name: string) => limits.find((limit) => limit.Name === name)?.Hard
    return limits.length === 2 && hard('core') === 0 && Number(hard('nofile')) > 0 && Number(hard('nofile')) <= 4096
  },
  'RestartPolicy is no': ({ host }) => (host.RestartPolicy as { Name?: string } | undefined)?.Name === 'no',
  'AutoRemove is off': ({ host }) => isEmpty(host.AutoRemove),
  'NetworkMode is none': ({ host }) => host.NetworkMode === 'none',
  'Networks are only none': ({ inspected }) =>
    inspected.NetworkSettings === undefined ||
    Object.keys((inspected.NetworkSettings.Networks ?? {}) as object).every((name) => name === 'none'),
  'Ports are not published': ({ host, inspected }) =>
    isEmpty(host.PortBindings) && isEmpty(host.PublishAllPorts) && isEmpty(inspected.NetworkSettings?.Ports),
  'PidMode is its own': ({ host }) => isEmpty(host.PidMode),
  'IpcMode is none': ({ host }) => host.IpcMode === 'none',
  'UTSMode is its own': ({ host }) => isEmpty(host.UTSMode),
  'UsernsMode is not host': ({ host }) => host.UsernsMode !== 'host',
  'CgroupnsMode is private': ({ host, cgroupV2 }) =>
    cgroupV2
      ? host.CgroupnsMode === 'private'
      : isEmpty(host.CgroupnsMode) || host.CgroupnsMode === 'private' || host.CgroupnsMode === 'host',
  'CgroupParent is empty': ({ host }) => isEmpty(host.CgroupParent),
  'Devices are none': ({ host }) =>
    isEmpty(host.Devices) && isEmpty(host.DeviceRequests) && isEmpty(host.DeviceCgroupRules),
  'Binds and VolumesFrom are empty': ({ host }) => isEmpty(host.Binds) && isEmpty(host.VolumesFrom),
  'HostConfig.Mounts is the socket directory alone': ({ host, spec }) =>
    same(host.Mounts, dockerOptions('', spec, { cgroupV2: false }).HostConfig?.Mounts),
  'Mounts are the socket directory alone, read-only and private': ({ inspected, spec }) => {
    if (inspected.Mounts === undefined) return true
    const [mount, ...more] = list(inspected.Mounts) as readonly Fields[]
    return (
      more.length === 0 &&
      mount?.Type === 'bind' &&
      mount.Source === spec.socketDir &&
      mount.Destination === mountPoint &&
      mount.RW === false &&
      mount.Propagation === 'private'
    )
  },
  'MaskedPaths and ReadonlyPaths are the defaults': ({ host }) =>
    [host.MaskedPaths, host.ReadonlyPaths].every((paths) => paths === undefined || list(paths).length > 0),
  'Sysctls are none': ({ host }) => isEmpty(host.Sysctls),
  'ExtraHosts, Links and GroupAdd are empty': ({ host }) =>
    isEmpty(host.ExtraHosts) && isEmpty(host.Links) && isEmpty(host.GroupAdd),
  'Runtime is a known one': ({ host }) =>
    isEmpty(host.Runtime) || ['runc', 'io.containerd.runc.v2', 'runsc'].includes(String(host.Runtime)),
  'Init is on': ({ host }) => host.Init === true,
  'LogConfig is local, bounded and never blocks': ({ host, spec }) =>
    same(host.LogConfig, dockerOptions('', spec, { cgroupV2: false }).HostConfig?.LogConfig),
}

/** What of a container, or of the options for one, is not as the hardening table and its spec demand. Empty when all is. */
export function hardeningFaults(
  inspected: Inspected,
  spec: BotSpec,
  { installationId, cgroupV2 }: { readonly installationId: string; readonly cgroupV2: boolean },
): string[] {
  const check = { inspected, config: inspected.Config, host: inspected.HostConfig, spec, installationId, cgroupV2 }
  return Object.entries(checks)
    .filter(([, holds]) => !holds(check))
    .map(([name]) => name)
}

/** Our own options in the shape of an inspect, so that the one checker reads both. */
export function asInspected({ name: _, HostConfig, ...config }: ContainerCreateOptions): Inspected {
  return { Config: { ...config } as Fields, HostConfig: { ...HostConfig } as Fields }
}
