import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'

export interface ReceivedMail {
  /** Of the envelope. */
  readonly from: string
  readonly to: readonly string[]
  /** As it came: headers, an empty line, the body; lines end in "\r\n". */
  readonly source: string
}

export interface SmtpPeer {
  readonly url: string
  readonly mails: readonly ReceivedMail[]
}

/** A mail server of the least kind (RFC 5321, section 4.5.1), on a port of its own; closed with the test. It knows nobody who is in `unknown`. */
export async function smtpPeer(
  t: { teardown(run: () => unknown): void },
  { unknown = [] }: { readonly unknown?: readonly string[] } = {},
): Promise<SmtpPeer> {
  const mails: ReceivedMail[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    serve(socket, unknown, (mail) => mails.push(mail))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  })
  return { url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`, mails }
}

function serve(socket: Socket, unknown: readonly string[], received: (mail: ReceivedMail) => void): void {
  const say = (answer: string) => socket.write(`${answer}\r\n`)
  let from = ''
  let to: string[] = []
  let data: string[] | undefined
  say('220 peer.test ESMTP')
  createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
    if (data) {
      if (line !== '.') return data.push(line.replace(/^\./, ''))
      received({ from, to, source: data.join('\r\n') })
      data = undefined
      to = []
      return say('250 kept')
    }
    const [, verb = '', address = ''] = /^(\w+)[^<]*(?:<([^>]*)>)?/.exec(line) ?? []
    if (verb === 'EHLO' || verb === 'RSET' || verb === 'NOOP') return say('250 peer.test')
    if (verb === 'MAIL') from = address
    if (verb === 'RCPT' && unknown.includes(address)) return say('550 nobody of that name')
    if (verb === 'RCPT') to.push(address)
    if (verb === 'MAIL' || verb === 'RCPT') return say('250 fine')
    if (verb === 'DATA') {
      data = []
      return say('354 go on')
    }
    say(verb === 'QUIT' ? '221 bye' : '502 not here')
    if (verb === 'QUIT') socket.end()
  })
}
