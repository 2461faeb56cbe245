import type { Socket } from 'node:net'
import { acceptedSessionProtocols, type BotDecided, type BotMessage } from '@sath/contracts'
import { audit, type Db, recordDrained } from '@sath/db'
import type { MetricSink } from '@sath/telemetry'
import type { Logger } from 'pino'
import { isOutage, persist } from '../persist.js'
import type { Wake } from '../wake.js'
import type { AwaitedDecision } from './awaited.js'
import { heartbeatPoints } from './bot-metrics.js'
import { slotName } from './candle-plan.js'
import { createConnection } from './connection.js'
import type { Heartbeats } from './heartbeats.js'
import type { JoinResult } from './join.js'
import type { RunSlot } from './run-slots.js'
import { createSession, type Session } from './session.js'

/** A bot that says nothing after connecting is put out after this, ms. */
const helloWithinMs = 10_000
const firstLockMs = 1_000
const longestLockMs = 60_000

export interface SessionHostDeps {
  readonly db: Db
  readonly log: Logger
  readonly signal: AbortSignal
  readonly heartbeats: Heartbeats
  readonly metrics: MetricSink
  readonly wake: Wake
  /** How long the market waits for a bot whose session dropped, ms. */
  readonly returnWithinMs: number
  readonly intentsPerMinute: number
  /** Brings the session to the market's present. */
  readonly join: (session: Session) => Promise<JoinResult>
  /** Stores a decision and sends what it orders; settles once it is stored. False: another epoch trades now. */
  readonly decide: (session: Session, awaited: AwaitedDecision, decided: BotDecided) => Promise<boolean>
}

/** Whoever connects to a run's socket: one session for each run, and what it says goes where it belongs. */
export function createSessionHost(deps: SessionHostDeps) {
  const { db, log, signal, heartbeats, metrics, wake } = deps
  /** Decisions being stored, by tenant: also those of a session that has ended meanwhile. */
  const storing = new Map<string, Set<Promise<void>>>()

  function onSocket(slot: RunSlot, socket: Socket): void {
    if (slot.session || performance.now() < slot.lockedUntil) {
      refuse(slot, socket)
      return
    }
    const { run } = slot
    const fields = { tenantId: run.tenantId, runId: run.runId, epoch: run.epoch }
    const connection = createConnection(socket, {
      onMessage: (message) => onMessage(slot, session, message),
      onClose(fault) {
        clearTimeout(silence)
        session.live = false
        if (slot.session === session) slot.session = undefined
        slot.expectedUntil = performance.now() + deps.returnWithinMs
        if (fault !== undefined) punish(slot, fault)
        log.info({ ...fields, fault }, 'session closed')
        wake.ring()
      },
    })
    const session = createSession(run, connection, deps.intentsPerMinute)
    slot.session = session
    const silence = setTimeout(() => {
      if (!session.greeted) connection.close('said no hello')
    }, helloWithinMs)
    silence.unref()
  }

  function onMessage(slot: RunSlot, session: Session, message: BotMessage): void {
    if (message.type === 'hello') void onHello(slot, session, message.protocol)
    else if (!session.live) session.connection.fault(`${message.type} before the welcome`)
    else if (message.type === 'heartbeat') {
      if (!session.beats.take()) {
        session.connection.fault('too many heartbeats')
        return
      }
      slot.offences = 0
      heartbeats.beat(session, message)
      metrics.write(heartbeatPoints(session, message, Date.now()))
    } else if (message.type === 'drained') void onDrained(session)
    else onDecided(slot, session, message)
  }

  async function onHello(slot: RunSlot, session: Session, protocol: number): Promise<void> {
    const { connection } = session
    const { tenantId, runId, epoch } = slot.run
    if (session.greeted) {
      connection.fault('a second hello')
      return
    }
    session.greeted = true
    if (!acceptedSessionProtocols.includes(protocol)) {
      connection.close(`speaks session protocol ${protocol}, not ${acceptedSessionProtocols.join(' or ')}`)
      return
    }
    try {
      await Promise.all(storing.get(tenantId) ?? [])
      const joined = await deps.join(session)
      if (joined === 'joined') {
        log.info({ tenantId, runId, epoch, configVersion: session.config?.version }, 'session opened')
      } else if (joined === 'revoked') revoke(slot, session)
      else connection.close('there is no configuration to run')
    } catch (error) {
      if (!signal.aborted) log.error({ tenantId, runId, err: error }, 'a session could not be opened')
      connection.close('the gateway could not open the session')
    }
    wake.ring()
  }

  /** Decisions of one slot are stored one after the other, those of different slots together. */
  function onDecided(slot: RunSlot, session: Session, decided: BotDecided): void {
    const { strategyId, symbol, candleTime, configVersion } = decided
    const awaited = session.awaited.take(strategyId, symbol, candleTime)
    if (!awaited) {
      session.connection.fault('a decision nobody asked for')
      return
    }
    if (configVersion !== awaited.configVersion) session.connection.fault('a decision under another configuration')
    if (session.awaited.size === 0) session.late = false
    const key = slotName(strategyId, symbol)
    session.storing++
    const ofTenant = storing.get(session.run.tenantId) ?? new Set()
    storing.set(session.run.tenantId, ofTenant)
    const stored: Promise<void> = (session.chains.get(key) ?? Promise.resolve())
      .then(async () => {
        if (session.connection.closed) return
        if (!(await deps.decide(session, awaited, decided))) revoke(slot, session)
      })
      .catch((error: unknown) => {
        if (signal.aborted) return
        const { tenantId, runId } = session.run
        log.error({ tenantId, runId, strategyId, symbol, candleTime, err: error }, 'a decision could not be stored')
        session.connection.close(isOutage(error) ? 'the gateway stops' : 'a decision could not be stored')
      })
      .then(() => {
        session.storing--
        ofTenant.delete(stored)
        if (ofTenant.size === 0) storing.delete(session.run.tenantId)
        wake.ring()
      })
    ofTenant.add(stored)
    session.chains.set(key, stored)
  }

  async function onDrained(session: Session): Promise<void> {
    // It may drain on its own: SIGTERM can be faster than the bell.
    session.drainSent = true
    await Promise.all(session.chains.values())
    const { tenantId, runId } = session.run
    await persist('drained', () => recordDrained(db, runId), { signal, log }).catch((error: unknown) => {
      if (!signal.aborted) log.error({ tenantId, runId, err: error }, 'drained could not be noted')
    })
  }

  /** A bot of an older epoch: nothing it says counts any more. */
  function revoke(slot: RunSlot, { connection }: Session): void {
    if (connection.closed) return
    connection.close('another epoch of this bot trades now')
    punish(slot, 'its epoch is over')
  }

  /** A second connection of a run, or one after bad behaviour. */
  function refuse(slot: RunSlot, socket: Socket): void {
    socket.on('error', () => {})
    socket.end(`${JSON.stringify({ type: 'bye', reason: 'this run has its session' })}\n`)
    socket.destroySoon()
    slot.refused++
    if (slot.refused > 1) return
    const { tenantId, runId } = slot.run
    log.warn({ tenantId, runId }, 'connection refused')
    setTimeout(() => {
      const { refused } = slot
      slot.refused = 0
      note(slot, 'session.refused', { connections: refused })
    }, 1_000).unref()
  }

  function punish(slot: RunSlot, fault: string): void {
    slot.offences++
    slot.lockedUntil = performance.now() + Math.min(firstLockMs * 2 ** (slot.offences - 1), longestLockMs)
    note(slot, 'session.ended', { fault })
  }

  function note({ run }: RunSlot, action: string, fields: Record<string, unknown>): void {
    const nobody = { id: null, address: null, agent: null }
    audit(db, nobody, action, run.tenantId, { runId: run.runId, epoch: run.epoch, ...fields }).catch(
      (error: unknown) => {
        if (!signal.aborted) log.warn({ err: error }, 'audit row could not be written')
      },
    )
  }

  return { onSocket }
}
