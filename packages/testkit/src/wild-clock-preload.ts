/** See wildClock: every look at the wall clock is an hour ahead of, behind, or at the last one. Monotonic time is left alone. */
const RealDate = Date
const jumpsMs = [0, 3_600_000, -3_600_000]
let dice = 1

/** The same jumps in every run, and no rhythm that a program could fall into. */
function now(): number {
  dice = (Math.imul(dice, 1_664_525) + 1_013_904_223) >>> 0
  return RealDate.now() + (jumpsMs[Math.floor((dice / 2 ** 32) * jumpsMs.length)] ?? 0)
}

globalThis.Date = new Proxy(RealDate, {
  apply: () => new RealDate(now()).toString(),
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
})
