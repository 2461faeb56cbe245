import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Candle } from '@sath/core'
import { candleHeader } from '@sath/feeds'
import type { Test } from 'tap'
import { csvRow } from './candle-file.js'

/** The program as it is built. */
export const main = fileURLToPath(new URL('./main.js', import.meta.url))

export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs `sath` with these arguments in a process of its own, to its end. */
export function sath(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [main, ...args], { maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error)
      else resolve({ code: Number(error?.code ?? 0), stdout, stderr })
    })
  })
}

/** What it prints when all is well. */
export async function printed(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await sath(...args)
  if (code !== 0) throw new Error(`sath ${args.join(' ')} ended with ${code}: ${stderr}`)
  return stdout
}

/** Lines without the line end of the last one. */
export function linesOf(text: string): string[] {
  return text.replace(/\n$/, '').split('\n')
}

/** Writes files into a folder that goes with the test. */
export function writer(t: Test): (name: string, content: readonly Candle[] | string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'sath-cli-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return (name, content) => {
    const path = join(folder, name)
    writeFileSync(
      path,
      typeof content === 'string' ? content : `${[candleHeader, ...content.map(csvRow)].join('\n')}\n`,
    )
    return path
  }
}
