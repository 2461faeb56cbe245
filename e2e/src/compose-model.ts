import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { programOnPath } from '@sath/testkit'

export const composeFile = fileURLToPath(new URL('../../docker-compose.yml', import.meta.url))

/** docker-compose.yml as Docker Compose itself understands it, in the few words that the tests ask about. */
export interface Compose {
  readonly services: Readonly<Record<string, Service>>
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>
}

export interface Service {
  readonly image: string
  readonly user?: string
  readonly privileged?: boolean
  readonly network_mode?: string
  readonly pid?: string
  readonly ipc?: string
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly cap_add?: readonly string[]
  readonly devices?: readonly unknown[]
  readonly security_opt?: readonly string[]
  readonly mem_limit?: unknown
  readonly cpus?: unknown
  readonly pids_limit?: unknown
  readonly restart?: string
  readonly logging?: { readonly driver?: string; readonly options?: Readonly<Record<string, string>> }
  readonly healthcheck?: { readonly test?: unknown; readonly disable?: boolean }
  readonly environment?: Readonly<Record<string, string | null>>
  readonly networks?: Readonly<Record<string, unknown>>
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  /** Short form from version 1, long form from version 2. */
  readonly volumes?: readonly (
    | string
    | { readonly source: string; readonly target: string; readonly read_only?: boolean }
  )[]
  readonly ports?: readonly (string | { readonly host_ip?: string; readonly published: string | number })[]
}

export interface ComposeCommand {
  /** @throws Error with Compose's own words, as when a setting is missing */
  read(settings: Readonly<Record<string, string>>): Compose
}

/** Docker Compose 2, or 1.29 as Debian has it; undefined where neither is installed. */
export function composeCommand(): ComposeCommand | undefined {
  const docker = programOnPath('docker')
  const plugin = docker && works(docker, ['compose', 'version']) ? docker : undefined
  const old = programOnPath('docker-compose')
  if (plugin)
    return {
      read: (settings) =>
        withSettings(settings, (file) => JSON.parse(run(plugin, ['compose', ...asked(file), '--format', 'json']))),
    }
  // Version 1 prints YAML only; it is a Python program, so the reader it uses itself is there.
  if (old && works('python3', ['-c', 'import yaml'])) {
    return { read: (settings) => withSettings(settings, (file) => JSON.parse(asJson(run(old, asked(file))))) }
  }
  return undefined
}

const asked = (envFile: string) => ['--env-file', envFile, '--file', composeFile, '--profile', 'acme', 'config']

function withSettings<T>(settings: Readonly<Record<string, string>>, use: (envFile: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'sath-compose-'))
  const file = join(folder, 'env')
  writeFileSync(
    file,
    Object.entries(settings)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  )
  try {
    return use(file)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function asJson(yaml: string): string {
  const script = 'import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)'
  return execFileSync('python3', ['-c', script], { input: yaml, encoding: 'utf8' })
}

/** Without this process's own settings: what is found must come from the file of settings. */
function run(command: string, args: readonly string[]): string {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME }
  return execFileSync(command, args, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] })
}

function works(command: string, args: readonly string[]): boolean {
  try {
    run(command, args)
    return true
  } catch {
    return false
  }
}

export interface Mount {
  readonly source: string
  readonly target: string
  readonly readOnly: boolean
}

export function mounts(service: Service | undefined): readonly Mount[] {
  return (service?.volumes ?? []).map((volume) => {
    if (typeof volume !== 'string') {
      return { source: volume.source, target: volume.target, readOnly: volume.read_only ?? false }
    }
    const [source = '', target = '', mode = 'rw'] = volume.split(':')
    return { source, target, readOnly: mode.split(',').includes('ro') }
  })
}

/** Ports of this machine, as `address:port`; without an address, the whole world. */
export function publishedPorts(service: Service | undefined): readonly string[] {
  return (service?.ports ?? []).map((port) => {
    if (typeof port !== 'string') return port.host_ip ? `${port.host_ip}:${port.published}` : String(port.published)
    return port.split(':').slice(0, -1).join(':')
  })
}

/** Settings the file itself asks for: each name, and whether it has no default anywhere. */
export function settingsOfComposeFile(): ReadonlyMap<string, { readonly required: boolean }> {
  const text = readFileSync(composeFile, 'utf8')
  const found = new Map<string, { required: boolean }>()
  for (const [, name = '', rest = ''] of text.matchAll(/(?<!\$)\$\{([A-Z_]+)(:[?-])?/g)) {
    found.set(name, { required: rest === ':?' || (found.get(name)?.required ?? false) })
  }
  return found
}
