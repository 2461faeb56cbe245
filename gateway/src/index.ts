export { type Gateway, type GatewayOptions, openGateway } from './gateway.js'
export type { Timing } from './timing.js'
