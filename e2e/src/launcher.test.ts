import { readdirSync, readFileSync } from 'node:fs'
import { freePort, until } from '@sath/testkit'
import t from 'tap'
import { dualMartingale, expectStatus, newSubscriber, saveConfig, signIn, untilStatus } from './client.js'
import { spawnSath, startSath, temporaryHome } from './sath.js'

const password = 'correct horse battery staple'

t.test('without Docker, bots run as child processes and come back as a new epoch', async (t) => {
  const options = { engine: 'process', feed: 'synthetic', home: temporaryHome(t), port: await freePort() } as const
  const first = await startSath(t, options)
  t.match(await (await fetch(`${first.url}/readyz`)).json(), {
    status: /./,
    checks: { database: {}, bus: {}, engine: {}, gateway: {}, feed: {}, metrics: {} },
  })

  const second = spawnSath(t, { ...options, port: await freePort() })
  t.equal(await exitOf(second.launcher), 1)
  t.match(
    second.output().trim().split('\n'),
    { length: 1, 0: /already/i },
    'a second start on one home is one sentence',
  )

  const taken = spawnSath(t, { ...options, home: temporaryHome(t) })
  t.equal(await exitOf(taken.launcher), 1)
  t.equal(
    taken.output().trim(),
    `Port ${options.port} on 127.0.0.1 is in use; stop what uses it, or set PORT to another.`,
  )

  const ada = await newSubscriber(first.url)
  await saveConfig(ada, dualMartingale())
  await expectStatus(202, ada.call('POST', '/bot/start'))
  t.match((await untilStatus(ada, 'the bot runs', (status) => status.status === 'running', 60_000)).run, {
    engine: 'process',
    epoch: 1,
  })
  t.equal(await first.stop(), 0)
  await until('nothing of it is left', () => processesNaming(options.home).length === 0)

  const third = await startSath(t, options)
  const again = await signIn(third.url, ada.email, password)
  t.match((await untilStatus(again, 'the bot runs again', (status) => status.status === 'running', 60_000)).run, {
    epoch: 2,
  })
  await third.kill()
  await until('its programs end without it', () => processesNaming(`${options.home}/logs`).length === 0)
  const fourth = await startSath(t, options)
  const back = await signIn(fourth.url, ada.email, password)
  t.match((await untilStatus(back, 'and again', (status) => status.status === 'running', 60_000)).run, { epoch: 3 })
  await expectStatus(202, back.call('POST', '/bot/stop'))
  await untilStatus(back, 'a proven stop', (status) => status.status === 'stopped' && status.lastStop?.proven, 90_000)
  t.equal(await fourth.stop(), 0)
})

t.test('SATH_ENGINE=docker without an engine ends with the command that installs one', async (t) => {
  const sath = spawnSath(t, {
    engine: 'docker',
    feed: 'synthetic',
    port: await freePort(),
    env: { DOCKER_HOST: 'unix:///nonexistent/docker.sock' },
  })
  t.equal(await exitOf(sath.launcher), 1)
  t.match(sath.output(), /Docker.*install/is)
})

async function exitOf(child: {
  exitCode: number | null
  once(event: 'exit', listener: (code: number | null) => void): unknown
}): Promise<number | null> {
  return child.exitCode ?? (await new Promise((resolve) => child.once('exit', resolve)))
}

/** Pids of processes whose command line or environment names the text. */
function processesNaming(text: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false
    try {
      return ['cmdline', 'environ'].some((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(text))
    } catch {
      return false
    }
  })
}
