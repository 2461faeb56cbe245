import { pino } from 'pino'
import t from 'tap'
import { loggerOptions, maskEmail, redactLine, secretFields } from './logger-options.js'

function logged(...args: [object, string]): Record<string, unknown> {
  let line = ''
  const log = pino(loggerOptions({ name: 'api', level: 'info' }), { write: (text: string) => (line = text) })
  log.info(...args)
  return JSON.parse(line) as Record<string, unknown>
}

t.test('lines have an ISO time, a level word and the program’s name, and no host', async (t) => {
  const line = logged({ tenantId: 'a' }, 'step taken')
  t.match(line, { level: 'info', time: /^\d{4}-\d\d-\d\dT[\d:.]+Z$/, name: 'api', tenantId: 'a', msg: 'step taken' })
  t.notOk('pid' in line || 'hostname' in line)
})

t.test('no secret field gets through, on the top or inside', async (t) => {
  for (const field of [...secretFields, ...secretFields.map((name) => name.toUpperCase())]) {
    const canary = { [field]: 'canary-1', keep: 1 }
    const line = logged(
      { ...canary, a: canary, b: { c: canary }, req: { headers: { x: canary } }, list: [canary] },
      'x',
    )
    t.notMatch(JSON.stringify(line), /canary/, field)
    t.match(line, { keep: 1, a: { keep: 1 }, list: [{ keep: 1 }] })
  }
})

t.test('secrets that an error carries are taken out too', async (t) => {
  const error = Object.assign(new Error('refused'), {
    apiKey: 'canary-2',
    config: { headers: { authorization: 'canary-3' } },
  })
  const line = logged({ err: error }, 'failed')
  t.notMatch(JSON.stringify(line), /canary/)
  t.match(line, { err: { message: 'refused' } })
})

t.test('an API token is shown in part, wherever it is', async (t) => {
  const token = `sath_${'aB3-_'.repeat(8)}xyz`
  const line = logged({ path: `/api/v1/bot/${token}`, err: new Error(`not ${token}.`) }, token)
  t.notMatch(JSON.stringify(line), token)
  t.match(line, { path: '/api/v1/bot/sath_…_xyz', err: { message: 'not sath_…_xyz.' }, msg: 'sath_…_xyz' })
  t.match(logged({ bell: 'sath_bots' }, 'x'), { bell: 'sath_bots' })
})

t.test('addresses are masked', async (t) => {
  t.match(logged({ email: 'ada@example.com', user: { email: 'bob@example.com' } }, 'x'), {
    email: 'a…@example.com',
    user: { email: 'b…@example.com' },
  })
  t.equal(maskEmail('@example.com'), '[redacted]')
  t.match(logged({ from: 1, to: 2, mail: { to: 'ada@example.com' } }, 'x'), {
    from: 1,
    to: 2,
    mail: { to: 'a…@example.com' },
  })
})

t.test('what is logged is not changed', async (t) => {
  const body = { password: 'p', user: { email: 'ada@example.com' } }
  logged({ body }, 'x')
  t.same(body, { password: 'p', user: { email: 'ada@example.com' } })
})

t.test('a child’s bindings are covered, and a line that cannot be read is left out', async (t) => {
  let line = ''
  const log = pino(loggerOptions({ name: 'api', level: 'info' }), { write: (text: string) => (line = text) })
  log
    .child({ apiKey: 'canary-4', run: { token: 'canary-5' } })
    .info({ deep: { a: { b: { c: { d: { secret: 'canary-6' } } } } } }, 'x')
  t.notMatch(line, /canary/)
  t.equal(line.at(-1), '\n')
  t.notMatch(redactLine('{"password":"canary-7'), /canary/)
})
