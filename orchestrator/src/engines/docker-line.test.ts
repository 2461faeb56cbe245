import { tcpProxy } from '@sath/testkit'
import t from 'tap'
import { dockerForTests } from '../testing/docker-for-tests.js'
import { quick } from '../testing/rig.js'
import { soon } from '../testing/soon.js'
import { dockerRig, exited, says } from './testing/docker-rig.js'

const { host, skip } = await dockerForTests()
const socketPath = host.replace('unix://', '')
const limits = { ...quick, backOffFirst: 60_000 }

t.setTimeout(300_000)

t.test('a bad line to a real Docker', { skip }, async (t) => {
  const r = await dockerRig(t, host)
  const line = await tcpProxy(t, { path: socketPath })
  const engine = await r.openEngine(`tcp://127.0.0.1:${line.port}`, 1_500)
  let lists = 0
  let answered = 0
  // Nothing but events, and what they lead to, makes it look.
  const orchestrator = await r.open({
    limits,
    sweepMs: 3_600_000,
    engine: {
      ...engine,
      async list(tenantId) {
        lists++
        const listed = await engine.list(tenantId)
        answered++
        return listed
      },
    },
  })
  const signal = (containerId: string, signal: 'SIGUSR2' | 'SIGKILL') =>
    r.docker.getContainer(containerId).kill({ signal })
  const started = async () => {
    const bot = await r.started('obeys')
    await says(r, bot.id, 'ready')
    await soon('nothing left to look at', async () => {
      await orchestrator.sweep()
      await orchestrator.idle()
      const { lookAt } = await r.bot(bot.id)
      return lookAt === null
    })
    return bot
  }
  const bystander = await started()

  await t.test('a thousand events in a second: folded, and the one that matters is not lost', async (t) => {
    const { id, run } = await started()
    lists = 0
    let heard = 0
    const stop = engine.events(
      () => heard++,
      () => {},
    )
    const began = performance.now()
    // Never run, but each is told as an event of the container.
    const execs = Array.from({ length: 1_000 }, () =>
      r.docker.getContainer(bystander.run.containerId).exec({ Cmd: ['/none'] }),
    )
    await Promise.all([...execs, signal(run.containerId, 'SIGUSR2')])
    t.match(await exited(r, id), { exitCode: 3, exitCause: 'crash' })
    await soon('all of them', () => heard >= 1_000)
    stop()
    await orchestrator.idle()
    t.ok(lists < 500, `${lists} lists for ${heard} events in ${Math.round(performance.now() - began)} ms`)
    t.match(await r.lastRun(bystander.id), { id: bystander.run.id, phase: 'running' })
    await r.stop(id)
  })

  await t.test('a stream that was cut: what happened meanwhile is found when it is back', async (t) => {
    const [crashed, killed] = [await started(), await started()]
    line.cut()
    await signal(crashed.run.containerId, 'SIGUSR2')
    await signal(killed.run.containerId, 'SIGKILL')
    await soon('their ends', async () => (await Promise.all([crashed, killed].map(isRunning))).every((one) => !one))
    line.heal()
    t.match(await exited(r, crashed.id), { exitCode: 3, exitCause: 'crash' }, 'by the list that follows')
    const ended = await soon('the other end', async () => {
      await orchestrator.sweep()
      return (await r.runs(killed.id)).find(({ phase }) => phase === 'exited')
    })
    t.match(ended, { exitCode: 137, exitCause: 'engine-stopped' }, 'nobody saw who did it, so it is no crash')
    await Promise.all([crashed, killed].map(({ id }) => r.stop(id)))
  })

  await t.test('a stream that froze: the first list that is answered finds the end', async (t) => {
    const bot = await started()
    line.goSilent()
    line.heal()
    await signal(bot.run.containerId, 'SIGUSR2')
    await soon('its end', async () => !(await isRunning(bot)))
    t.match(await r.lastRun(bot.id), { phase: 'running' }, 'no event came through')
    // A call may go out on a connection that froze with it; the next one does not.
    const ended = await soon('the first answer', async () => {
      answered = 0
      await orchestrator.sweep()
      await orchestrator.idle()
      return answered > 0 && ((await r.lastRun(bot.id)) ?? 'no run')
    })
    t.match(ended, { phase: 'exited', exitCode: 3, exitCause: 'crash' })
    t.match(await r.lastRun(bystander.id), { id: bystander.run.id, phase: 'running' }, 'the others go on')
    await r.stop(bot.id)
  })

  async function isRunning({ run }: { readonly run: { readonly containerId: string } }): Promise<boolean> {
    return (await r.docker.getContainer(run.containerId).inspect()).State.Running
  }
})
