import t from 'tap'
import { loadConfig } from './config.js'

const env = { DATABASE_URL: 'postgres://localhost/sath', VAULT_PRIVATE_FILE: '/keys', SATH_SOCKET_ROOT: '/run/sath' }

t.test('names everything that is wrong at once', async (t) => {
  t.match(loadConfig({ ...env, SATH_NODE: 'n', INFLUX_URL: '' }), {
    SATH_FEED: 'auto',
    SATH_NODE: 'n',
    LOG_LEVEL: 'info',
  })
  t.throws(
    () => loadConfig({ ...env, DATABASE_URL: 'mysql://x', SATH_SOCKET_ROOT: 'run', VAULT_PRIVATE_FILE: undefined }),
    /DATABASE_URL: .*VAULT_PRIVATE_FILE: .*SATH_SOCKET_ROOT: /,
  )
})
