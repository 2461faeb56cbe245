import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { pack } from 'tar-stream'
import { EngineError } from './container-engine.js'
import { botUser, bundlePath, nodePath } from './docker-options.js'

export interface ImageFile {
  /** Absolute path inside of the image. */
  readonly path: string
  readonly content: Buffer
  readonly mode: number
}

/** Everything the image is made of, and a name that changes whenever any byte of it does. */
export interface BotImage {
  readonly tag: string
  readonly hash: string
  readonly files: readonly ImageFile[]
}

const byHand =
  'Build it with `docker build -f bot-runtime/Dockerfile .` on a Linux machine, or run Sath with docker compose, which does.'

/**
 * The bot's image out of what is on this machine: the Node binary that runs us, the libraries it is linked with, and one
 * bundle. No shell, no package manager, no base image, so nothing is fetched.
 *
 * @throws EngineError refused where the local Node cannot run in a Linux container
 */
export async function botImage(bundleFile: string): Promise<BotImage> {
  if (process.platform !== 'linux')
    throw new EngineError('refused', `The bot image cannot be made from a ${process.platform} Node. ${byHand}`)
  const paths = await libraries(process.execPath)
  const files: ImageFile[] = [
    { path: nodePath, content: await readFile(process.execPath), mode: 0o755 },
    ...(await Promise.all(paths.map(async (path) => ({ path, content: await readFile(path), mode: 0o755 })))),
    { path: bundlePath, content: await readFile(bundleFile), mode: 0o444 },
  ]
  const hash = createHash('sha256').update(dockerfile)
  for (const file of files) hash.update(`\0${file.path}\0${file.content.length}\0`).update(file.content)
  const name = hash.digest('hex')
  return { tag: `sath-bot:${name.slice(0, 20)}`, hash: name, files }
}

/** Where the dynamic linker finds what a binary needs. */
async function libraries(binary: string): Promise<string[]> {
  try {
    const { stdout } = await promisify(execFile)('ldd', [binary], { encoding: 'utf8' })
    return librariesOf(stdout)
  } catch (cause) {
    throw new EngineError('refused', `The libraries of ${binary} could not be listed with ldd. ${byHand}`, cause)
  }
}

/** Absolute paths in the words of ldd, of glibc as of musl; the kernel's own vdso has none. */
export function librariesOf(ldd: string): string[] {
  const paths = ldd.split('\n').flatMap((line) => /(?:=>\s*|^\s*)(\/\S+)/.exec(line)?.[1] ?? [])
  return [...new Set(paths)].sort()
}

/** Labels of an image. The second names the installation that made it, which alone may remove it. */
export const imageLabels = { content: 'sath.image', maker: 'sath.made-by' } as const

/** Two layers: Node changes seldom and is shared by all versions of the bundle. */
const dockerfile = `FROM scratch
COPY base/ /
COPY app/ /
USER ${botUser}
`

/** The build context for Docker: a tar whose bytes depend on the image's content, and on who makes it, alone. */
export function buildContext(
  { files, hash }: BotImage,
  installationId: string,
): AsyncIterable<Buffer> & NodeJS.ReadableStream {
  const tar = pack()
  const mtime = new Date(0)
  tar.entry(
    { name: 'Dockerfile', mtime },
    `${dockerfile}LABEL ${imageLabels.content}=${hash} ${imageLabels.maker}=${installationId}\n`,
  )
  for (const { path, content, mode } of files)
    tar.entry({ name: `${path === bundlePath ? 'app' : 'base'}${path}`, mode, mtime }, content)
  tar.finalize()
  return tar as unknown as AsyncIterable<Buffer> & NodeJS.ReadableStream
}

/** Whether what the engine has under our tag is what we would build. */
export function isBuiltFrom({ hash }: BotImage, found: Readonly<Record<string, string>> | null): boolean {
  return found?.[imageLabels.content] === hash
}
