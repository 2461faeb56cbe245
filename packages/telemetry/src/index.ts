export * from './metric-rows.js'
export * from './metrics.js'
