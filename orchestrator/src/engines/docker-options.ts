import { botNodeFlags } from '@sath/core'
import type { ContainerLimits } from '@sath/db'
import type { ContainerCreateOptions } from 'dockerode'
import { type BotSpec, containerName } from './container-engine.js'
import { labels } from './labels.js'

/** What the engine at hand can do; the rest of the options are the same everywhere. */
export interface EngineTraits {
  /** A cgroup namespace of its own needs cgroup v2. */
  readonly cgroupV2: boolean
}

export const mountPoint = '/run/sath'
export const nodePath = '/usr/local/bin/node'
export const bundlePath = '/app/bot.cjs'
export const botUser = '10001:10001'

/** The command line of a bot. Heap caps go here and not into NODE_OPTIONS, which takes only some of them. */
export function botCommand(memoryMiB: number): string[] {
  return [nodePath, ...botNodeFlags(memoryMiB), bundlePath]
}

/** Memory and processor in Docker's words; no swap. */
export function limitOptions({ memoryMiB, cpu }: ContainerLimits) {
  const memory = memoryMiB * 1024 * 1024
  return { Memory: memory, MemorySwap: memory, NanoCpus: Math.round(cpu * 1e9) }
}

/**
 * A bot's spec in Docker's words. Pure, and an allow-list: what is not written here is Docker's default, and the checker
 * (hardening-faults.ts) knows each of those that matter.
 */
export function dockerOptions(installationId: string, spec: BotSpec, traits: EngineTraits): ContainerCreateOptions {
  return {
    name: containerName(installationId, spec.tenantId),
    Image: spec.imageId,
    Cmd: botCommand(spec.startMemoryMiB ?? spec.memoryMiB),
    Hostname: 'bot',
    User: botUser,
    WorkingDir: '/',
    Env: [],
    Labels: {
      [labels.installation]: installationId,
      [labels.tenant]: spec.tenantId,
      [labels.run]: spec.runId,
      [labels.epoch]: String(spec.epoch),
    },
    Tty: false,
    OpenStdin: false,
    AttachStdin: false,
    AttachStdout: false,
    AttachStderr: false,
    StopSignal: 'SIGTERM',
    StopTimeout: spec.stopSeconds,
    HostConfig: {
      NetworkMode: 'none',
      IpcMode: 'none',
      ...(traits.cgroupV2 ? { CgroupnsMode: 'private' as const } : {}),
      ReadonlyRootfs: true,
      Mounts: [
        {
          Type: 'bind',
          Source: spec.socketDir,
          Target: mountPoint,
          ReadOnly: true,
          BindOptions: { Propagation: 'private' },
        },
      ],
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      Privileged: false,
      ...limitOptions(spec),
      OomKillDisable: false,
      PidsLimit: 64,
      Ulimits: [
        { Name: 'nofile', Soft: 1024, Hard: 1024 },
        { Name: 'core', Soft: 0, Hard: 0 },
      ],
      // Two restarters would fight: a restart by Docker would keep the epoch and know no back-off.
      RestartPolicy: { Name: 'no' },
      // The exit code is told only until the container is removed.
      AutoRemove: false,
      Init: true,
      LogConfig: {
        Type: 'local',
        Config: { mode: 'non-blocking', 'max-buffer-size': '1m', 'max-size': '5m', 'max-file': '2', compress: 'false' },
      },
    },
  }
}
