import { noLimits } from './testing.js'

/** Four that differ in their rank only. */
export const plans = ['free', 'basic', 'pro', 'top'].map((id, rank) => ({ id, rank, limits: noLimits }))
