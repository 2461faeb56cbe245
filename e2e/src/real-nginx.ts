import { chownSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, request as overHttp } from 'node:http'
import { request as overHttps } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort, programOnPath, service, type Teardown } from '@sath/testkit'

export const domain = 'sath.test'

export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface Asking {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string | Buffer
  /** The name asked for in the TLS handshake; ours unless told otherwise. */
  readonly name?: string
}

export interface RealNginx {
  readonly httpsPort: number
  /** Trust this to accept what nginx shows before it has a certificate. */
  readonly placeholder: string
  /** Where certbot would put its files for our name. */
  readonly acmeFolder: string
  /** Below here lies what certbot serves as its challenge. */
  readonly challengeFolder: string
  accessLog(): string
  http(path: string, asking?: Asking): Promise<Answer>
  https(path: string, asking?: Asking): Promise<Answer>
}

/**
 * nginx with the repository's own configuration and start script, on ports of its own and without root, in front of an API
 * at `apiPort`. undefined where nginx, openssl or setpriv is not installed.
 */
export async function realNginx(t: Teardown, apiPort: number): Promise<RealNginx | undefined> {
  const programs = ['nginx', 'openssl', 'setpriv'].map(programOnPath)
  if (programs.some((program) => program === undefined)) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'sath-nginx-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const at = (...names: string[]) => join(folder, ...names)
  for (const name of ['web/assets', 'acme', 'tls', 'letsencrypt', 'run']) mkdirSync(at(name), { recursive: true })
  for (const name of ['nginx.conf.template', 'start.sh']) {
    copyFileSync(fileURLToPath(new URL(`../../nginx/${name}`, import.meta.url)), at(name))
  }
  writeFileSync(at('web/index.html'), '<!doctype html><title>Sath</title>')
  writeFileSync(at('web/assets/app-1a2b.js'), `console.log("${'x'.repeat(2_000)}")`)

  // Root gives itself up as the container does; anybody else stays who they are.
  const asRoot = process.getuid?.() === 0
  const stepDown = asRoot ? [programs[2] ?? '', '--reuid=65534', '--regid=65534', '--clear-groups'] : []
  if (asRoot) for (const path of [folder, at('run'), at('letsencrypt')]) chownSync(path, 65534, 65534)

  const [httpPort, httpsPort] = [await freePort(), await freePort()]
  const settings = {
    PATH: `${process.env.PATH}:/usr/sbin:/sbin`,
    SATH_DOMAIN: domain,
    API_ADDRESS: `127.0.0.1:${apiPort}`,
    HTTP_PORT: httpPort,
    HTTPS_PORT: httpsPort,
    WEB_ROOT: at('web'),
    ACME_ROOT: at('acme'),
    ACME_DIR: at('letsencrypt'),
    TLS_DIR: at('tls'),
    RUN_DIR: at('run'),
    ACCESS_LOG: at('run/access.log'),
    TLS_CHECK_SECONDS: 0.2,
  }
  const ask = (send: typeof overHttp, port: number, path: string, asking: Asking = {}) =>
    new Promise<Answer>((resolve, reject) => {
      const outgoing = send(
        {
          host: '127.0.0.1',
          port,
          path,
          method: asking.method ?? 'GET',
          headers: { host: domain, ...asking.headers },
          agent: false,
          ...(send === overHttps && {
            servername: asking.name ?? domain,
            ca: readFileSync(at('run/tls/fullchain.pem')),
          }),
        },
        (incoming) => {
          let body = ''
          incoming.setEncoding('utf8').on('data', (text) => {
            body += text
          })
          incoming.once('end', () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body }))
          incoming.once('error', reject)
        },
      )
      outgoing.once('error', reject)
      outgoing.end(asking.body)
    })

  const nginx = service({
    command: 'env',
    args: [
      '-i',
      ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
      ...stepDown,
      'sh',
      at('start.sh'),
    ],
    ready: async () => (await ask(overHttp, httpPort, '/nginx-health')).status === 200,
  })
  t.teardown(() => nginx.stop())
  await nginx.start()
  return {
    httpsPort,
    placeholder: readFileSync(at('run/placeholder/fullchain.pem'), 'utf8'),
    acmeFolder: at('letsencrypt'),
    challengeFolder: at('acme/.well-known/acme-challenge'),
    accessLog: () => readFileSync(at('run/access.log'), 'utf8'),
    http: (path, asking) => ask(overHttp, httpPort, path, asking),
    https: (path, asking) => ask(overHttps as typeof overHttp, httpsPort, path, asking),
  }
}
