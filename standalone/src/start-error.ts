/** Why Sath cannot start: one sentence for the person at the terminal, with what to do about it. */
export class StartError extends Error {
  override readonly name = 'StartError'
}
