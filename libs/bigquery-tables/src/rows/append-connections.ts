import type { AppendChannel, AppendReply } from './append-channel.port.js';
import { LRUCache } from 'lru-cache';
import { AppendConnection, type ConnectionReply } from './append-connection.js';
import { GRPC_STATUS } from '@pipeline/google-clients';
import type { RowEncoder } from './row-encoder.js';

export interface AppendConnectionsOptions {
  readonly channel: AppendChannel;
  /** Connections that tables share. */
  readonly maxConnections?: number;
  /** Connections for tables on trial. */
  readonly maxTrials?: number;
  /** Longest wait for the answer to an append. */
  readonly timeoutMs?: number;
  /** A connection without a request for this long is closed. */
  readonly idleMs?: number;
}

/**
 * Source: Storage Write API quotas (1,000 to 10,000 connections for a region; one carries 1 to 10 MB a second; an idle
 * one is ended after ten minutes), read 2026-11-23.
 */
const DEFAULTS = { maxConnections: 16, maxTrials: 16, timeoutMs: 20_000, idleMs: 60_000 };
/** Cached tables; an evicted one costs one trial. */
const MAX_REMEMBERED = 20_000;
/** CANCELLED, RESOURCE_EXHAUSTED, ABORTED, INTERNAL, UNAVAILABLE: not about the table of the request. */
const NOT_ABOUT_A_TABLE = [1, 8, 10, 13, GRPC_STATUS.UNAVAILABLE];

/**
 * The connections to the Storage Write API, few however many tables there are.
 *
 * A table that BigQuery's writers do not know ends the whole connection. So a table is first tried on a connection of its
 * own and shares one only after an answer; if it ends a connection, it is on trial again. The other tables of an ended
 * connection continue on another one.
 */
export class AppendConnections {
  readonly #channel: AppendChannel;
  readonly #options: typeof DEFAULTS;
  readonly #homes = new LRUCache<string, AppendConnection>({ max: MAX_REMEMBERED });
  readonly #trusted = new LRUCache<string, true>({ max: MAX_REMEMBERED });
  readonly #shared = new Set<AppendConnection>();
  readonly #trials = new Set<AppendConnection>();
  #turn = 0;
  #isClosed = false;

  constructor({ channel, ...settings }: AppendConnectionsOptions) {
    this.#channel = channel;
    this.#options = { ...DEFAULTS, ...settings };
  }

  /** @throws CloudError if no connection can be opened without credentials */
  async send(tableId: string, encoder: RowEncoder, rows: readonly Uint8Array[]): Promise<AppendReply> {
    await this.#channel.ready();
    if (this.#isClosed) {
      const message = 'The connections are closed';
      return { kind: 'failed', failure: { status: GRPC_STATUS.UNAVAILABLE, message, storageError: null } };
    }
    const connection = this.#homeOf(tableId);
    const answer = await connection.send(tableId, encoder, rows);
    this.#learn(tableId, connection, answer);
    return answer.reply;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const connection of [...this.#shared, ...this.#trials]) connection.close();
    await this.#channel.close();
  }

  #homeOf(tableId: string): AppendConnection {
    const home = this.#homes.get(tableId);
    if (home !== undefined) return home;
    const isTrusted = this.#trusted.has(tableId);
    const pool = isTrusted ? this.#shared : this.#trials;
    const room = isTrusted ? this.#options.maxConnections : this.#options.maxTrials;
    const found = pool.size < room ? this.#open(tableId, pool) : [...pool][this.#turn++ % pool.size];
    const connection = found ?? this.#open(tableId, pool);
    this.#homes.set(tableId, connection);
    return connection;
  }

  #open(tableId: string, pool: Set<AppendConnection>): AppendConnection {
    const { timeoutMs, idleMs } = this.#options;
    const connection: AppendConnection = new AppendConnection({
      open: (listener) => this.#channel.open(tableId, listener),
      timeoutMs,
      idleMs,
      onOver: () => {
        this.#forget(connection);
      },
    });
    pool.add(connection);
    return connection;
  }

  #learn(tableId: string, connection: AppendConnection, { reply, isEnd }: ConnectionReply): void {
    if (connection.isOver) {
      const isAboutTable =
        isEnd && reply.kind === 'failed' && !NOT_ABOUT_A_TABLE.includes(reply.failure.status);
      if (isAboutTable) this.#trusted.delete(tableId);
      return;
    }
    this.#trusted.set(tableId, true);
    if (!this.#trials.has(connection)) return;
    if (this.#shared.size < this.#options.maxConnections) {
      this.#trials.delete(connection);
      this.#shared.add(connection);
    } else {
      this.#homes.delete(tableId);
      if (connection.load === 0) connection.close();
    }
  }

  #forget(connection: AppendConnection): void {
    this.#shared.delete(connection);
    this.#trials.delete(connection);
    for (const [tableId, home] of this.#homes) {
      if (home === connection) this.#homes.delete(tableId);
    }
  }
}
