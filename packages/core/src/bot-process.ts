/** What the exit code of a bot's process means. Anything else is a crash. */
export const botExitCodes = {
  /** Drained and done. */
  clean: 0,
  /** Given a configuration or arguments it cannot run; trying again is useless. */
  badConfig: 64,
  /** V8's own abort (128 + SIGABRT) when the heap is exhausted. A parent without an init between sees the signal instead. */
  heapExhausted: 134,
} as const

/**
 * Node's flags for a bot in a container of `memoryMiB`: half of it for the old generation, the rest for Node itself, buffers
 * and code, so that the heap ends (134, with a reason in the log) before the kernel kills (137, without one). Small
 * semi-spaces and code keep an idle bot small. They go on the command line: NODE_OPTIONS refuses the last one.
 */
export function botNodeFlags(memoryMiB: number): string[] {
  const oldSpaceMiB = Math.max(16, Math.floor(memoryMiB / 2))
  return [`--max-old-space-size=${oldSpaceMiB}`, '--max-semi-space-size=1', '--optimize-for-size']
}
