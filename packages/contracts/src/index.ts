export * as botConfig from './bot-config.js'
export { BotConfig } from './bot-config.js'
export * as http from './http/index.js'
export * from './session.js'
