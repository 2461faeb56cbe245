/** See wildClock: every look at the wall clock is an hour ahead of, behind, or at the last one. Monotonic time is left alone. */
const RealDate = Date
const jumpsMs = [0, 3_600_000, -3_600_000]
let looks = 0

function now(): number {
  looks += 1
  return RealDate.now() + (jumpsMs[looks % jumpsMs.length] ?? 0)
}

globalThis.Date = new Proxy(RealDate, {
  apply: () => new RealDate(now()).toString(),
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
})
