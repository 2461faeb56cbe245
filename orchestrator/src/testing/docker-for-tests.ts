import { connect } from 'node:net'

/**
 * Where tests find a real Docker: SATH_TEST_DOCKER_HOST, else DOCKER_HOST, else the usual socket. `skip` is tap's: false, or
 * the sentence that says what is missing.
 */
export async function dockerForTests(): Promise<{ readonly host: string; readonly skip: string | false }> {
  const { env } = process
  const host = env.SATH_TEST_DOCKER_HOST ?? env.DOCKER_HOST ?? 'unix:///var/run/docker.sock'
  const { hostname, port } = host.startsWith('unix://') ? { hostname: '', port: '' } : new URL(host)
  const socket = hostname ? connect({ host: hostname, port: Number(port) }) : connect(host.slice('unix://'.length))
  const answers = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
  })
  socket.destroy()
  return { host, skip: answers ? false : `no Docker answers at ${host} (set SATH_TEST_DOCKER_HOST)` }
}
