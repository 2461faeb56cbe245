/** Market time, epoch ms: from inclusive, to exclusive. */
export interface Span {
  readonly from: number
  readonly to: number
}

export interface Window {
  readonly train: Span
  readonly test: Span
}

/**
 * Rolling windows over a span: each trains on `trainShare` of its length and tests on the rest, and begins one test later than
 * the one before. So the tests follow each other without a hole to the end of the span, and each has its training before it.
 */
export function walkForward({ from, to }: Span, windows: number, trainShare: number): Window[] {
  const trainPerTest = trainShare / (1 - trainShare)
  const test = (to - from) / (windows + trainPerTest)
  /** Rounded, so that what ends at a moment and what begins at it are the same number. */
  const edge = (tests: number) => Math.round(from + tests * test)
  return Array.from({ length: windows }, (_, index) => ({
    train: { from: edge(index), to: edge(index + trainPerTest) },
    test: { from: edge(index + trainPerTest), to: index === windows - 1 ? to : edge(index + 1 + trainPerTest) },
  }))
}
