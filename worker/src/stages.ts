export interface Stage {
  /** Takes the fraction of the stage that is done, 0…1. */
  readonly onProgress: (fraction: number) => void
}

/** Hooks of one stage after the other, which together make the whole; `weights` is what each takes of it. */
export function stagesOf(onProgress: (fraction: number) => void, weights: readonly number[]): () => Stage {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let begun = 0
  let done = 0
  return () => {
    const before = done
    const weight = weights[begun++] ?? 0
    done += weight
    return { onProgress: (fraction) => onProgress((before + fraction * weight) / total) }
  }
}
