import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type postgres from 'postgres'
import { ownLine } from './own-line.js'

export type Bell = 'sath_bots' | 'sath_runs' | 'sath_orders' | 'sath_jobs' | 'sath_stripe' | 'sath_plans'

interface Listener {
  readonly bell: Bell
  readonly onRing: (payload: string) => void
  readonly onListen: () => void
}

/** How often a line proves that it hears, and how long that may take; so a dead one is replaced within 20 s. */
const defaultPulseMs = 10_000
const lines = new WeakMap<postgres.Sql, BellLine>()

/**
 * Hears bells. A bell only says "look": it may be lost or doubled, so every listener also sweeps. All bells of a pool come
 * over one line of their own. It is opened again when it is lost, and replaced when it has gone deaf though nobody closed it;
 * each time `onListen` runs, and the listener should sweep once.
 */
export async function listen(
  sql: postgres.Sql,
  bell: Bell,
  onRing: (payload: string) => void,
  onListen: () => void = () => {},
  pulseMs = defaultPulseMs,
): Promise<() => Promise<void>> {
  const line = lines.get(sql) ?? bellLine(sql, pulseMs)
  lines.set(sql, line)
  const listener = { bell, onRing, onListen }
  await line.add(listener)
  return () => line.remove(listener)
}

/** Ends the line of a pool that is about to be closed. */
export async function hangUp(sql: postgres.Sql): Promise<void> {
  const line = lines.get(sql)
  // Whoever listens from now on gets a line that is not about to end.
  lines.delete(sql)
  await line?.end()
}

type BellLine = ReturnType<typeof bellLine>

function bellLine(pool: postgres.Sql, pulseMs: number) {
  const listeners = new Set<Listener>()
  const stop = new AbortController()
  const { signal } = stop
  /** Rung through the pool and heard on the line. */
  const pulse = `sath_pulse_${randomUUID()}`
  let heard = () => {}
  // The driver dials its LISTEN line with the same options.
  let line = ownLine(pool)

  async function hang(listener: Listener): Promise<void> {
    const ring = (payload: string) => listeners.has(listener) && listener.onRing(payload)
    await line.listen(listener.bell, ring, listener.onListen)
  }

  /** Whether the line has gone deaf: what was rung did not arrive in time. A database that is away proves nothing. */
  async function isDeaf(): Promise<boolean> {
    const arrived = new Promise<false>((resolve) => {
      heard = () => resolve(false)
    })
    const unsaid = new Promise<false>((resolve) => pool.notify(pulse, '').catch(() => resolve(false)))
    return await Promise.race([arrived, unsaid, delay(pulseMs, true, { signal, ref: false })])
  }

  async function replace(): Promise<void> {
    await line.end({ timeout: 0 })
    line = ownLine(pool)
    await line.listen(pulse, () => heard())
    await Promise.all([...listeners].map(hang))
  }

  async function watch(): Promise<void> {
    await line.listen(pulse, () => heard())
    for (;;) {
      await delay(pulseMs, undefined, { signal, ref: false })
      if (await isDeaf()) await replace().catch(() => {})
    }
  }
  // Ends with the signal.
  watch().catch(() => {})

  return {
    async add(listener: Listener): Promise<void> {
      listeners.add(listener)
      await hang(listener)
    },
    async remove(listener: Listener): Promise<void> {
      listeners.delete(listener)
      if (listeners.size === 0) await hangUp(pool)
    },
    async end(): Promise<void> {
      stop.abort()
      await line.end({ timeout: 0 })
    },
  }
}
