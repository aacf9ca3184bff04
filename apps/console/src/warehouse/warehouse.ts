import type { SchemaHistory, TableStore } from '@pipeline/bigquery-tables';
import type { EventRouting } from '@pipeline/books';
import type { Sql } from '@pipeline/google-clients';
import type { TableSchema } from '@pipeline/schema-inference';

export interface WarehouseParts {
  readonly sql: Sql;
  readonly store: Pick<TableStore, 'read' | 'checkDataset'>;
  readonly history: Pick<SchemaHistory, 'read'>;
  readonly routing: EventRouting;
  /** Longest time in progress, in milliseconds. */
  readonly inProgressMs: number;
  /** Most bytes of one query unless the request allows more. */
  readonly maxBytes: number;
  /** True for the local cloud, whose queries cost nothing. */
  readonly isLocal: boolean;
  readonly now?: () => Date;
}

/** The sources of the API: BigQuery by the same clients as the command line, and the settings of a reading. */
export class Warehouse {
  readonly sql: Sql;
  readonly store: WarehouseParts['store'];
  readonly history: WarehouseParts['history'];
  readonly routing: EventRouting;
  readonly inProgressMs: number;
  readonly maxBytes: number;
  readonly isLocal: boolean;
  readonly now: () => Date;

  constructor({ now = () => new Date(), ...parts }: WarehouseParts) {
    this.sql = parts.sql;
    this.store = parts.store;
    this.history = parts.history;
    this.routing = parts.routing;
    this.inProgressMs = parts.inProgressMs;
    this.maxBytes = parts.maxBytes;
    this.isLocal = parts.isLocal;
    this.now = now;
  }

  readonly readSchema = async (table: string): Promise<TableSchema | null> =>
    (await this.store.read(table))?.schema ?? null;
}
