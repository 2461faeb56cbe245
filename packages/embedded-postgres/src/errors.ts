export type EmbeddedPostgresFault =
  | 'already-running'
  | 'no-binary'
  | 'disk-full'
  | 'not-yours'
  | 'other-version'
  | 'failed'

/** Why the embedded database cannot run. The message is one sentence for a person, with the way out. */
export class EmbeddedPostgresError extends Error {
  readonly code: EmbeddedPostgresFault

  constructor(code: EmbeddedPostgresFault, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'EmbeddedPostgresError'
    this.code = code
  }
}

/** Turns what PostgreSQL wrote on its way out, or a failed system call, into a sentence. */
export function explain(action: string, directory: string, output: string, cause?: unknown): EmbeddedPostgresError {
  const options = cause === undefined ? {} : { cause }
  if (cause instanceof EmbeddedPostgresError) return cause
  if (/No space left on device|ENOSPC|Disk quota exceeded|EDQUOT/.test(output)) {
    return new EmbeddedPostgresError(
      'disk-full',
      `The disk that holds ${directory} is full, so PostgreSQL could not ${action}; free some space and start again.`,
      options,
    )
  }
  const lastWords = output.trim().split('\n').slice(-3).join(' | ')
  return new EmbeddedPostgresError(
    'failed',
    `PostgreSQL could not ${action} in ${directory}: ${lastWords || 'it said nothing'}`,
    options,
  )
}
