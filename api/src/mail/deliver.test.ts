import { outbox, outboxRepository } from '@sath/db'
import { openTestDatabase } from '@sath/db/testing'
import { freePort, until } from '@sath/testkit'
import { eq, sql } from 'drizzle-orm'
import nodemailer from 'nodemailer'
import { pino } from 'pino'
import t from 'tap'
import { tidyUp } from '../housekeeping.js'
import { deliverDue, startMailer } from './deliver.js'
import { names, samples } from './sample-mails.fixture.js'
import { smtpPeer } from './smtp-peer.fixture.js'

const from = 'Sath <no-reply@sath.example>'
const silent = pino({ level: 'silent' })

t.test('a mail server receives the text and the HTML as two ways to say the same', async (t) => {
  const { db } = await openTestDatabase(t)
  const peer = await smtpPeer(t)
  const transport = nodemailer.createTransport(peer.url)
  const reader = { email: 'ada@example.com', locale: 'es', publicUrl: 'https://sath.example' }
  const given = { ...names, strategy: 'Señal <ñ> de la mañana 📈' }
  for (const write of Object.values(samples)) await outboxRepository(db).add(write(reader, given))
  const count = Object.keys(samples).length
  t.equal(
    (await deliverDue({ db, log: silent, transport, from })) + (await deliverDue({ db, log: silent, transport, from })),
    count,
  )
  t.equal(peer.mails.length, count)
  const kept = await outboxRepository(db).list('ada@example.com')
  for (const { source, to, ...envelope } of peer.mails) {
    t.same([envelope.from, to], ['no-reply@sath.example', ['ada@example.com']])
    const mail = parsed(source)
    t.match(mail.headers['content-type'], /^multipart\/alternative;/)
    t.equal(mail.headers['auto-submitted'], 'auto-generated')
    t.same(
      mail.parts.map(({ headers }) => headers['content-type']),
      ['text/plain; charset=utf-8', 'text/html; charset=utf-8'],
      'the richest comes last',
    )
    const [text = '', html = ''] = mail.parts.map(({ body }) => body.replaceAll('\r\n', '\n'))
    const row = kept.find((one) => one.html?.trim() === html.trim())
    t.equal(text.trim(), row?.text.trim(), 'both are those of one row')
    t.ok(row?.sentAt)
  }
})

t.test('a mail without HTML is sent as text', async (t) => {
  const { db } = await openTestDatabase(t)
  const peer = await smtpPeer(t)
  await outboxRepository(db).add({ to: 'ada@example.com', subject: 's', text: 'only words' })
  const mailer = startMailer({ db, log: silent, from, transport: nodemailer.createTransport(peer.url), everyMs: 10 })
  await until('the mail', () => peer.mails.length === 1)
  await mailer.stop()
  t.match(parsed(peer.mails[0]?.source ?? ''), {
    headers: { 'content-type': /^text\/plain/ },
    body: 'only words',
  })
})

t.test('a mailbox that is not there holds up nobody, and no address is logged', async (t) => {
  const { db } = await openTestDatabase(t)
  const peer = await smtpPeer(t, { unknown: ['gone@example.com'] })
  const lines: string[] = []
  const log = pino({ level: 'debug' }, { write: (line: string) => lines.push(line) })
  for (const to of ['gone@example.com', 'ada@example.com'])
    await outboxRepository(db).add({ to, subject: 's', text: 'x' })
  await deliverDue({ db, log, from, transport: nodemailer.createTransport(peer.url) })
  t.same(
    peer.mails.map(({ to }) => to),
    [['ada@example.com']],
  )
  t.match(
    lines.map((line) => JSON.parse(line)),
    [{ msg: 'mail not sent', responseCode: 550 }],
  )
  t.notMatch(lines.join(), '@')
})

t.test('mails are sent once, tried again later, and given up', async (t) => {
  const { db } = await openTestDatabase(t)
  const peer = await smtpPeer(t)
  const working = nodemailer.createTransport(peer.url)
  const broken = nodemailer.createTransport({ host: '127.0.0.1', port: await freePort() })
  const round = (transport: typeof broken) => deliverDue({ db, log: silent, transport, from })
  const mailbox = outboxRepository(db)
  await mailbox.add({ to: 'a@example.com', subject: 's', text: 'x' })
  t.equal(await round(broken), 1)
  t.equal(await round(working), 0, 'not due yet')
  await db.update(outbox).set({ nextAttemptAt: sql`now()` })
  const rounds = await Promise.all(Array.from({ length: 4 }, () => round(working)))
  t.same([rounds.reduce((a, b) => a + b), peer.mails.length], [1, 1], 'several at once send it once')
  await mailbox.add({ to: 'b@example.com', subject: 's', text: 'x' })
  await db.transaction(async (tx) => {
    t.equal((await outboxRepository(tx).claimDue(10)).length, 1)
    t.same(await mailbox.claimDue(10), [], 'somebody else is at it: not taken, and not waited for')
  })
  t.ok((await db.select().from(outbox))[0]?.sentAt)
  const yesterday = { sentAt: null, nextAttemptAt: sql`now()`, createdAt: sql`now() - interval '25 hours'` }
  await db.update(outbox).set({ ...yesterday, askedFor: true })
  t.equal(await round(working), 0, 'its link no longer works')
  await db.update(outbox).set({ createdAt: sql`now() - interval '8 days'` })
  await tidyUp(db)
  t.equal((await db.select().from(outbox).where(eq(outbox.toAddress, 'a@example.com'))).length, 0)
})

t.test('a mail server that is away for days loses no mail but those whose links have run out', async (t) => {
  const { db } = await openTestDatabase(t)
  for (const [to, askedFor] of [
    ['link@example.com', true],
    ['receipt@example.com', false],
  ] as const)
    await outboxRepository(db).add({ to, subject: 's', text: 'x', askedFor })
  const tried: Record<string, number> = {}
  for (let hours = 0; hours < 6 * 24; ) {
    const mails = await outboxRepository(db).claimDue(2)
    const waits = mails.map(({ nextAttemptAt }) => (nextAttemptAt.getTime() - Date.now()) / 3_600_000)
    t.ok(waits.length > 0 && Math.max(...waits) < 6.01, 'never so long that a mail server that is back stays unseen')
    for (const { toAddress } of mails) tried[toAddress] = hours
    const wait = Math.max(...waits)
    hours += wait
    await db.update(outbox).set({ nextAttemptAt: sql`now()`, createdAt: sql`created_at - ${wait} * interval '1 hour'` })
  }
  t.ok((tried['link@example.com'] ?? 0) > 12 && (tried['link@example.com'] ?? 0) < 24)
  t.ok((tried['receipt@example.com'] ?? 0) > 5 * 24)
})

interface Parsed {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly parts: readonly Parsed[]
}

/** A mail as its reader's program takes it apart (RFC 2045, 2046). */
function parsed(source: string): Parsed {
  const end = source.indexOf('\r\n\r\n')
  const lines = source
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  )
  const body = source.slice(end + 4)
  const boundary = /boundary="([^"]+)"/.exec(headers['content-type'] ?? '')?.[1]
  const parts = boundary === undefined ? [] : body.split(`--${boundary}`).slice(1, -1)
  return {
    headers,
    body: decoded(body, headers['content-transfer-encoding']),
    parts: parts.map((part) => parsed(part.replace(/^\r\n/, ''))),
  }
}

function decoded(body: string, encoding: string | undefined): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString()
  if (encoding !== 'quoted-printable') return body
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString()
}
