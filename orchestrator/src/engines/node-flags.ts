/**
 * V8's limits for a bot of a plan with so much memory. A third of it is left to what is not heap: the binary's private pages,
 * buffers, stacks. The young generation is kept small because a bot's garbage is small and memory, not speed, is what it costs.
 */
export function nodeFlags(memoryMiB: number): string[] {
  return [
    `--max-old-space-size=${Math.max(24, Math.floor(memoryMiB * 0.6))}`,
    '--max-semi-space-size=1',
    '--optimize-for-size',
  ]
}
