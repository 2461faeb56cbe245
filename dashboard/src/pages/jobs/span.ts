/** From which candle to which, ISO 8601; undefined: as long as the plan allows, to the newest candle. */
export interface Span {
  readonly from: string | undefined
  readonly to: string | undefined
}
