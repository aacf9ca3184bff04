import { LRUCache } from 'lru-cache';
import type { AppendChannel } from './append-channel.port.js';
import type { AppendConnections } from './append-connections.js';
import type { AppendAnswer, AppendRow, RowAppender } from './row-appender.port.js';
import { TableRowWriter } from './table-row-writer.js';

export interface StorageWriteRowAppenderOptions {
  readonly channel: Pick<AppendChannel, 'ready' | 'writerColumns'>;
  readonly connections: Pick<AppendConnections, 'send' | 'close'>;
  /** Tables whose encoders are cached; the least recently written is evicted first. */
  readonly maxTables?: number;
}

/** An encoder of a table with 100 columns takes about 30 kB. */
const DEFAULT_MAX_TABLES = 500;

/**
 * Stores rows through the Storage Write API, on default streams: committed when answered, at least once.
 *
 * Rows are written in protocol buffers of the columns they were made for (row-encoder.ts), wait for what BigQuery's
 * writers do not know yet (table-row-writer.ts), and share few connections (append-connections.ts).
 * Source: Storage Write API, default stream, read 2026-11-23.
 */
export class StorageWriteRowAppender implements RowAppender {
  readonly #writers: LRUCache<string, TableRowWriter>;

  constructor(private readonly options: StorageWriteRowAppenderOptions) {
    this.#writers = new LRUCache({ max: options.maxTables ?? DEFAULT_MAX_TABLES });
  }

  append(tableId: string, rows: readonly AppendRow[]): Promise<AppendAnswer> {
    return this.#writerOf(tableId).append(rows);
  }

  prepare(): Promise<void> {
    return this.options.channel.ready();
  }

  async close(): Promise<void> {
    await this.options.connections.close();
  }

  #writerOf(tableId: string): TableRowWriter {
    const cached = this.#writers.get(tableId);
    if (cached !== undefined) return cached;
    const { channel, connections } = this.options;
    const writer = new TableRowWriter({
      tableId,
      send: (encoder, rows) => connections.send(tableId, encoder, rows),
      askColumns: () => channel.writerColumns(tableId),
    });
    this.#writers.set(tableId, writer);
    return writer;
  }
}
