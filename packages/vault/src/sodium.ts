import libsodium from 'libsodium-wrappers'

await libsodium.ready

/** libsodium, loaded. */
export const sodium = libsodium
