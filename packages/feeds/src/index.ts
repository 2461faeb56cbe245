export * from './feed.js'
