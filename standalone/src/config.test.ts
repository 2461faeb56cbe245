import { resolve } from 'node:path'
import t from 'tap'
import { loadConfig } from './config.js'
import { programs } from './programs.js'

const cwd = '/srv/sath'

t.test('defaults listen on this machine only and keep everything below .sath', async (t) => {
  const config = loadConfig({}, cwd)
  t.match(config, {
    host: '127.0.0.1',
    port: 8080,
    home: '/srv/sath/.sath',
    tenantsDir: '/srv/sath/tenants',
    engine: 'auto',
    feed: 'auto',
  })
  t.ok(`${config.socketRoot}/00000000-0000-0000-0000-000000000000/bot.sock`.length <= 107, 'a socket path fits')
})

t.test('a bad setting is refused by name, with the fix', async (t) => {
  t.throws(() => loadConfig({ PORT: 'http' }, cwd), { name: 'StartError', message: /PORT must be a number/ })
  t.throws(() => loadConfig({ PORT: '70000' }, cwd), { message: /PORT/ })
  t.throws(() => loadConfig({ SATH_ENGINE: 'podman' }, cwd), { message: /SATH_ENGINE must be one of auto, docker/ })
  const wrong = () => loadConfig({ DATABASE_URL: 'mysql://me:secret@host/db' }, cwd)
  t.throws(wrong, { name: 'StartError', message: /^DATABASE_URL must be an address such as postgres:[^\n]*$/ })
  t.throws(() => loadConfig({ PORT: '0', SATH_ENGINE: 'swarm', LOG_LEVEL: 'loud' }, cwd), {
    message: /^PORT must be .* SATH_ENGINE=swarm is not built yet; .* LOG_LEVEL must be one of trace, [^\n]*$/,
  })
})

t.test('files of a replay are named from where the person stands', async (t) => {
  t.equal(
    loadConfig({ SATH_FEED: 'replay:a.csv,/b.csv?speed=10' }, cwd).feed,
    `replay:${resolve(cwd, 'a.csv')},/b.csv?speed=10`,
  )
  t.equal(loadConfig({ SATH_FEED: 'synthetic' }, cwd).feed, 'synthetic')
})

t.test('each program gets exactly the powers it may have', async (t) => {
  const config = loadConfig(
    {
      DOCKER_HOST: 'unix:///d.sock',
      REDIS_URL: 'redis://r',
      SMTP_URL: 'smtp://user:pass@mail',
      STRIPE_SECRET_KEY: 'sk_x',
    },
    cwd,
  )
  const keys = { vaultPrivate: '/k/opening', vaultPublic: '/k/public', jwtSecret: '/k/jwt' }
  const who = (setting: string) =>
    programs(config, 'postgres://db', keys, {})
      .filter(({ env }) => setting in env)
      .map(({ name }) => name)
  t.same(who('VAULT_PRIVATE_FILE'), ['gateway'], 'only the gateway opens')
  t.same(who('VAULT_PUBLIC_FILE'), ['api'])
  t.same(who('JWT_SECRET_FILE'), ['api'])
  t.same(who('DOCKER_HOST'), ['orchestrator'], 'only the orchestrator reaches Docker')
  t.same(who('SMTP_URL'), ['api'])
  t.same(who('STRIPE_SECRET_KEY'), ['api'])
  t.same(who('DATABASE_URL'), ['gateway', 'orchestrator', 'worker', 'api'])
  const [worker] = programs(config, 'postgres://db', keys, {}).filter(({ name }) => name === 'worker')
  t.same(Object.keys(worker?.env ?? {}), ['DATABASE_URL', 'SATH_NODE', 'LOG_LEVEL'], 'the worker gets no power at all')
})
