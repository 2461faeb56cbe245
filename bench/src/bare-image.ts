import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Teardown } from '@sath/testkit'
import { build } from 'esbuild'
import { dockerEngine } from '../../orchestrator/build/engines/docker-engine.js'
import { dockerAt } from './docker.js'

/** An image made as the bot's is, from the same Node and by the same code, with the bare client for its bundle. Answers its id; it goes with the bench. */
export async function bareImage(t: Teardown, host: string | undefined, directory: string): Promise<string> {
  const bundleFile = join(directory, 'bare-client.cjs')
  await build({
    entryPoints: [fileURLToPath(new URL('./main-bare-client.js', import.meta.url))],
    outfile: bundleFile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    external: ['bufferutil', 'utf-8-validate'],
  })
  const engine = await dockerEngine({ host, installationId: 'bench', bundleFile })
  try {
    const id = await engine.ensureImage((line) => console.error(line))
    t.teardown(() => dockerAt(host).getImage(id).remove({ force: true }))
    return id
  } finally {
    await engine.close()
  }
}
