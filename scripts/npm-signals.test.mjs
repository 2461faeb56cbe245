import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

/** Says that it is there, waits for the signal, and says that it came. */
const program = `
process.once('SIGTERM', () => { console.log('told'); clearInterval(waiting) })
const waiting = setInterval(() => {}, 60_000)
console.log('there')`

for (const name of Object.keys(scripts))
  t.test(`what ends npm ends what \`npm run ${name}\` has started`, async (t) => {
    const directory = t.testdir()
    mkdirSync(join(directory, 'scripts'))
    writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'signals', version: '1.0.0', scripts }))
    writeFileSync(join(directory, 'scripts', `${name}.mjs`), program)
    // The test runner loads itself into every Node below it, which would take its time with these.
    const { NODE_OPTIONS: _, ...env } = process.env
    const npm = spawn('npm', ['run', '--silent', name], { cwd: directory, env, stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(npm, 'close')
    let said = ''
    for await (const chunk of npm.stdout) {
      said += chunk
      if (said === 'there\n') npm.kill('SIGTERM')
    }
    await ended
    t.equal(said, 'there\ntold\n')
  })
