import { AppError } from '@sath/core'
import { CsvError } from '@sath/feeds'

/** Exit codes of every command. */
export const exitCodes = { ok: 0, badInput: 1, usage: 2 } as const

/** Input that cannot be worked with; the message is for a person and names the option or the place. */
export class BadInput extends Error {
  override readonly name = 'BadInput'
}

/** Lines for a person about what is wrong with the input; undefined when the error is a fault of ours. */
export function wordsOf(error: unknown): readonly string[] | undefined {
  if (error instanceof BadInput || error instanceof CsvError) return [error.message]
  if (error instanceof AppError) {
    return error.errors.length === 0
      ? [error.message]
      : error.errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
  }
  const { code, path } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return [`there is no file ${path}`]
  if (code === 'EISDIR') return [`${path} is a directory, not a file`]
  if (code === 'EACCES') return [`${path} may not be read`]
  return undefined
}
