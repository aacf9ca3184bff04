import { AppendConnections, type AppendConnectionsOptions } from './append-connections.js';
import type { RowAppender } from './row-appender.port.js';
import { StorageWriteChannel, type StorageWriteConnection } from './storage-write-channel.adapter.js';
import { StorageWriteRowAppender } from './storage-write-row-appender.js';

/** Stores rows in the tables of one dataset, through the Storage Write API. Nothing is loaded or opened before a row. */
export function createRowAppender(
  connection: StorageWriteConnection,
  limits: Omit<AppendConnectionsOptions, 'channel'> = {},
): RowAppender {
  const channel = new StorageWriteChannel(connection);
  const { timeoutMs } = connection;
  const connections = new AppendConnections({
    channel,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...limits,
  });
  return new StorageWriteRowAppender({ channel, connections });
}
