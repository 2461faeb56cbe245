import { type Db, outboxRepository } from '@sath/db'
import type { Transporter } from 'nodemailer'
import type { Logger } from 'pino'
import { errorFields } from '../http/error-fields.js'

const atOnce = 10

/**
 * Hands the mails that wait in the outbox to the mail server. A mail that was refused is tried again by its own row; one
 * whose program died between sending and noting may arrive twice.
 */
export function startMailer(options: {
  readonly db: Db
  readonly transport: Transporter
  readonly from: string
  readonly log: Logger
  readonly everyMs?: number
}): { stop(): Promise<void> } {
  const { log, everyMs = 2_000 } = options
  let stopped = false
  let running: Promise<unknown> = Promise.resolve()
  const round = async () => {
    while (!stopped && (await deliverDue(options)) === atOnce);
  }
  const timer = setInterval(() => {
    running = running.then(round).catch((error: unknown) => log.warn({ err: errorFields(error) }, 'mails wait'))
  }, everyMs)
  return {
    async stop() {
      stopped = true
      clearInterval(timer)
      await running
    },
  }
}

/** One round; returns how many mails were tried. */
export async function deliverDue({
  db,
  transport,
  from,
  log,
}: {
  readonly db: Db
  readonly transport: Transporter
  readonly from: string
  readonly log: Logger
}): Promise<number> {
  const outbox = outboxRepository(db)
  const due = await outbox.claimDue(atOnce)
  for (const mail of due) {
    try {
      await transport.sendMail({
        from,
        to: mail.toAddress,
        subject: mail.subject,
        text: mail.text,
        ...(mail.html === null ? {} : { html: mail.html }),
        // No answering machine is to answer us.
        headers: { 'Auto-Submitted': 'auto-generated' },
      })
      await outbox.markSent(mail.id)
    } catch (error) {
      const { code, responseCode } = error as { code?: unknown; responseCode?: unknown }
      log.warn({ mailId: mail.id, attempt: mail.attempts, code, responseCode }, 'mail not sent')
    }
  }
  return due.length
}
