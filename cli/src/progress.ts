import { SingleBar } from 'cli-progress'
import type { Io } from './io.js'

/** How far a long computation is. */
export interface Progress {
  /** 0…1 */
  update(fraction: number): void
  /** Takes the bar away, so that what follows begins on a clean line. */
  stop(): void
}

/** A bar on the terminal, and nothing at all where there is none. */
export function createProgress({ terminal }: Io, label: string): Progress {
  if (!terminal) return { update() {}, stop() {} }
  const bar = new SingleBar({
    format: `${label} {bar} {percentage} %`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    clearOnComplete: true,
    // Ctrl-C ends the process without a chance to switch it on again.
    linewrap: true,
    stream: terminal,
  })
  bar.start(100, 0)
  let shown = 0
  return {
    update(fraction) {
      const percentage = Math.floor(fraction * 100)
      if (percentage === shown) return
      shown = percentage
      bar.update(percentage)
      // Timers, by which the bar would draw itself, do not get their turn during a computation.
      bar.render()
    },
    stop: () => bar.stop(),
  }
}
