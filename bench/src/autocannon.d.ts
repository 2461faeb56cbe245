/** What we use of autocannon, which brings no types. */
declare module 'autocannon' {
  export interface Request {
    readonly method: string
    readonly path: string
    readonly headers?: Readonly<Record<string, string>>
  }
  /** What is to be sent, made anew before each time. */
  interface MadeRequest {
    readonly method: string
    setupRequest(request: object): object
  }
  interface Client {
    setRequests(requests: readonly Request[]): void
  }
  interface Result {
    /** Seconds. */
    readonly duration: number
    readonly '2xx': number
    readonly non2xx: number
    readonly errors: number
    readonly timeouts: number
    readonly latency: { readonly p50: number; readonly p99: number }
  }
  interface Options {
    readonly url: string
    readonly connections: number
    readonly duration: number
    setupClient?(client: Client): void
    readonly requests?: readonly MadeRequest[]
  }
  function autocannon(options: Options): Promise<Result>
  export default autocannon
}
