import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { openTestDatabase } from '@sath/db/testing'
import { until } from '@sath/testkit'
import t from 'tap'
import { dualMartingale, expectStatus, type Json, request, saveConfig, signIn, untilStatus } from './client.js'
import { admin, docker, dockerHost, startSath } from './sath.js'

t.test('seeded secrets are found nowhere', { skip: dockerHost ? false : 'no Docker engine' }, async (t) => {
  const canaries = {
    apiKey: 'CANARYapikey7f3a9c',
    secret: 'CANARYsecret51d2be',
    ai: 'CANARYaikey88e0d4',
    password: 'CANARYpassword c0ffee',
  }
  const found = (text: string) =>
    Object.entries(canaries)
      .filter(([, canary]) => text.includes(canary))
      .map(([name]) => name)
  const database = await openTestDatabase(t)
  const sath = await startSath(t, {
    engine: 'docker',
    feed: 'synthetic',
    env: { DATABASE_URL: database.url, LOG_LEVEL: 'trace' },
  })
  const answers: string[] = []

  const email = 'canary@example.com'
  await request(sath.url, 'POST', '/auth/register', { email, password: canaries.password })
  const mail = await until('the mail', async () =>
    (await request(sath.url, 'GET', `/dev/outbox?to=${email}`)).body.items.find((item: Json) => item.token),
  )
  await expectStatus(204, request(sath.url, 'POST', '/auth/verify-email', { token: mail.token }))
  const eve = await signIn(sath.url, email, canaries.password)
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await eve.call(method, path, body)
    answers.push(JSON.stringify(answer.body ?? null))
    return answer
  }
  const key = await call('POST', '/keys/exchange', {
    broker: 'binance',
    environment: 'testnet',
    credentials: { apiKey: canaries.apiKey, secret: canaries.secret },
  })
  const ai = await call('POST', '/keys/ai', { provider: 'openai', apiKey: canaries.ai })
  t.match([key.status, ai.status], [201, 201])
  const test = await call('POST', '/keys/test', { id: key.body.id })
  t.equal(test.status, 202)
  await until(
    'the key test ends',
    async () => (await call('GET', `/keys/test/${test.body.testId}`)).body.status !== 'pending',
    { everyMs: 100 },
  )
  await call('POST', '/keys/exchange', {
    broker: 'binance',
    environment: 'testnet',
    credentials: { apiKey: canaries.apiKey, secret: canaries.secret, extra: canaries.secret },
  })
  await call('PUT', `/keys/exchange/${key.body.id}`, {
    credentials: { apiKey: canaries.apiKey, secret: canaries.secret },
  })

  await saveConfig(eve, dualMartingale())
  await call('POST', '/bot/start')
  const { run } = await untilStatus(eve, 'the bot runs', (status) => status.status === 'running', 60_000)
  for (const path of ['/keys/exchange', '/keys/ai', '/bot/status', '/bot/events', '/logs', '/metrics', '/users/me'])
    await call('GET', path)
  const root = await signIn(sath.url, admin.email, admin.password)
  answers.push(JSON.stringify(await root.get('/admin/audit?limit=100')), JSON.stringify(await root.get('/admin/users')))

  const container = docker().getContainer(run.containerId)
  const facts = await container.inspect()
  t.same(found(JSON.stringify(facts)), [], 'docker inspect: env, labels, command, mounts')
  t.same(
    facts.Config.Env.filter((entry: string) => !/^(PATH|TZ|NODE_ENV|LANG)=/.test(entry)),
    [],
    'the bot’s environment holds nothing of ours',
  )
  t.same(found((await container.logs({ stdout: true, stderr: true })).toString()), [], 'container logs')
  t.same(found(answers.join('\n')), [], 'answers')
  t.same(found(sath.output()), [], 'terminal')
  t.same(
    files(sath.home).filter((file) => found(readFileSync(file, 'latin1')).length > 0),
    [],
    'files: program logs, tenant logs, keys',
  )
  const tables =
    await database.sql`select format('%I.%I', table_schema, table_name) as name from information_schema.tables where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`
  const leaks: string[] = []
  for (const { name } of tables) {
    const rows = await database.sql.unsafe(
      `select row_to_json(r)::text as row, encode(convert_to(r::text, 'UTF8'), 'escape') as text from ${name} r`,
    )
    if (rows.some(({ row, text }) => found(`${row}${text}`).length > 0)) leaks.push(name)
  }
  t.ok(tables.length > 20, 'the database was searched')
  t.same(leaks, [], 'database')
  await call('POST', '/bot/stop')
  await untilStatus(eve, 'a proven stop', (status) => status.lastStop?.proven, 90_000)
})

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
}
