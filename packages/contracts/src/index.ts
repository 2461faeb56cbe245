export * as botConfig from './bot-config.js'
export { BotConfig } from './bot-config.js'
export * from './session.js'
