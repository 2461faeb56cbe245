/** Longest runs, in order of close. Ties and cancelled trades neither lengthen nor end a run. */
export interface Streaks {
  readonly wins: number
  readonly losses: number
}

export function createStreaks() {
  const longest = { wins: 0, losses: 0 }
  let kind: 'wins' | 'losses' | undefined
  let length = 0
  return {
    add(status: string): void {
      if (status !== 'win' && status !== 'loss') return
      const next = status === 'win' ? 'wins' : 'losses'
      length = next === kind ? length + 1 : 1
      kind = next
      longest[kind] = Math.max(longest[kind], length)
    },
    value: (): Streaks => ({ ...longest }),
  }
}
