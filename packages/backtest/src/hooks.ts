/** What a long computation lets its caller do while it runs. */
export interface Hooks {
  /** Called now and then with how much is done, 0…1. */
  onProgress?(fraction: number): void
  /** Asked now and then; `true` ends the computation with `Cancelled`. */
  shouldStop?(): boolean
}

/** Thrown by a computation whose caller asked it to stop. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled'
  readonly code = 'cancelled'

  constructor() {
    super('Cancelled by its caller')
  }
}

/** Tells how far it is and asks whether to go on. @throws Cancelled */
export function report(hooks: Hooks, fraction: number): void {
  hooks.onProgress?.(fraction)
  if (hooks.shouldStop?.()) throw new Cancelled()
}
