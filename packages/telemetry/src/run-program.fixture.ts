import { runProgram } from './run-program.js'

/** A program that fails, or stays, as its argument says, and tells what it closes. */
const [, , what] = process.argv
const say = (word: string) => void process.stdout.write(`${word}\n`)

await runProgram(
  async ({ onEnd, tell }) => {
    onEnd(() => say('first'))
    onEnd(async () => {
      say('second')
      throw new Error('it does not close')
    })
    const timer = setInterval(() => {}, 1_000)
    onEnd(() => clearInterval(timer))
    if (what === 'fails') throw new TypeError('no room')
    if (what === 'breaks') throw new Error('a bug')
    await tell({ sath: 'ready' })
  },
  { isExplained: (error) => error instanceof TypeError },
)
