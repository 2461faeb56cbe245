/** The settings of the embedded server, as `name=value`. Small: one installation on one machine, 37 MB all in. */
export function serverSettings(options: { port: number; durable: boolean; maxConnections: number }): string[] {
  return [
    'listen_addresses=127.0.0.1',
    `port=${options.port}`,
    'unix_socket_directories=',
    `max_connections=${options.maxConnections}`,
    'shared_buffers=16MB',
    'max_wal_size=128MB',
    'min_wal_size=32MB',
    // No replica will ever follow it.
    'wal_level=minimal',
    'max_wal_senders=0',
    'timezone=UTC',
    'log_timezone=UTC',
    // Our programs log what they asked; a statement may carry personal data.
    'log_min_messages=warning',
    'log_min_error_statement=panic',
    ...(options.durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum=off']),
  ]
}
