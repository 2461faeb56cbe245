import { ensureWallClockDays, startPresence } from '@sath/db'
import { type Program, runProgram } from '@sath/telemetry'
import nodemailer from 'nodemailer'
import { buildApp } from './app.js'
import { startBilling } from './billing/start-billing.js'
import { type Config, loadConfig } from './config.js'
import { startHousekeeping } from './housekeeping.js'
import { startMailer } from './mail/deliver.js'
import { endingPlans, endingTrials } from './mail/plan-reminders.js'
import { startReminders } from './mail/reminders.js'
import { openDeps } from './open-deps.js'
import { startPlanChanges } from './plan-changes/plan-change-loop.js'

async function run({ onEnd, tell }: Program, config: Config): Promise<void> {
  const deps = await openDeps(config)
  onEnd(deps.close)
  const { db } = deps.database
  const { log, publicUrl } = deps
  await ensureWallClockDays(db, Date.now())
  const presence = await startPresence(db, { name: 'api', node: config.SATH_NODE })
  onEnd(presence.end)
  const loops = [
    startHousekeeping(db, log),
    startPlanChanges(deps),
    startReminders({ db, log, publicUrl, sources: [endingPlans, endingTrials] }),
    ...(deps.billing ? [startBilling({ ...deps, db, billing: deps.billing, owner: presence.instanceId })] : []),
    ...(config.SMTP_URL
      ? [startMailer({ db, log, from: config.MAIL_FROM, transport: nodemailer.createTransport(config.SMTP_URL) })]
      : []),
  ]
  for (const loop of loops) onEnd(loop.stop)
  const app = buildApp(deps)
  onEnd(() => app.close())
  const address = await app.listen({ host: config.HOST, port: config.PORT })
  await presence.ready({ address })
  await tell({ sath: 'ready', facts: { address } })
}

await runProgram((program) => run(program, loadConfig(process.env)))
