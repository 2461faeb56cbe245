export { type Ema, ema, emaMemory, nextEma } from './ema.js'
export { type Macd, macd, macdMemory, nextMacd } from './macd.js'
export { nextRsi, type Rsi, rsi, rsiMemory } from './rsi.js'
