export { Cancelled, type Hooks } from './hooks.js'
export { assertOdds, checkOdds } from './odds/check-odds.js'
export { ladders, type MonteCarlo, type Odds, type OddsInput, type Plan, plans, roundings } from './odds/odds-input.js'
