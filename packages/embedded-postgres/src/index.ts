export { coldCopy } from './cold-copy.js'
export { EmbeddedPostgresError, type EmbeddedPostgresFault } from './errors.js'
export { freePort } from './free-port.js'
export { type EmbeddedPostgres, type StartOptions, startPostgres } from './start-postgres.js'
