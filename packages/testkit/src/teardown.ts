/** What the kit needs of tap's `t`: a place to leave what must be cleared away at the end of the test. */
export interface Teardown {
  teardown(run: () => unknown): void
}
