import { ensureWallClockDays, startPresence } from '@sath/db'
import nodemailer from 'nodemailer'
import { buildApp } from './app.js'
import { startBilling } from './billing/start-billing.js'
import { loadConfig } from './config.js'
import { startHousekeeping } from './housekeeping.js'
import { startMailer } from './mail/deliver.js'
import { endingPlans, endingTrials } from './mail/plan-reminders.js'
import { startReminders } from './mail/reminders.js'
import { openDeps } from './open-deps.js'
import { startPlanChanges } from './plan-changes/plan-change-loop.js'

try {
  const config = loadConfig(process.env)
  const deps = await openDeps(config)
  const { db } = deps.database
  const { log } = deps
  await ensureWallClockDays(db, Date.now())
  const presence = await startPresence(db, { name: 'api', node: config.SATH_NODE })
  const app = buildApp(deps)
  const housekeeping = startHousekeeping(db, log)
  const billing = deps.billing && startBilling({ ...deps, db, billing: deps.billing, owner: presence.instanceId })
  const planChanges = startPlanChanges(deps)
  const reminders = startReminders({ db, log, publicUrl: deps.publicUrl, sources: [endingPlans, endingTrials] })
  const mailer = config.SMTP_URL
    ? startMailer({ db, log, from: config.MAIL_FROM, transport: nodemailer.createTransport(config.SMTP_URL) })
    : undefined

  let isStopping = false
  const stop = async () => {
    if (isStopping) return
    isStopping = true
    await app.close()
    await reminders.stop()
    await billing?.stop()
    await mailer?.stop()
    await planChanges.stop()
    await housekeeping.stop()
    await presence.end().catch(() => {})
    await deps.close()
    process.exit(0)
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  process.once('disconnect', stop)
  // A launcher that died before this line is told by nobody any more.
  if (process.send && !process.connected) await stop()

  const address = await app.listen({ host: config.HOST, port: config.PORT })
  await presence.ready({ address })
  process.send?.({ sath: 'ready', facts: { address } })
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`${message}\n`)
  const exit = () => process.exit(1)
  if (process.send) process.send({ sath: 'fatal', message }, exit)
  else exit()
}
