import { messageOf } from '../rules/api-error.js';
import { expirationMs, tableKey } from '../rules/table-resource.js';
import type { Warehouse } from '../warehouse/warehouse.js';
import { dropTable } from './table-operations.js';

/** Milliseconds between two looks at the tables that have an expiration. */
const LOOK_MS = 1_000;

/**
 * Removes tables whose `expirationTime` has come, within about a second.
 *
 * Source: cloud.google.com/bigquery/docs/reference/rest/v2/tables (expirationTime), read 2026-11-29.
 */
export class TableExpiry {
  readonly #timer: NodeJS.Timeout;
  #work: Promise<void> = Promise.resolve();

  constructor(private readonly warehouse: Warehouse) {
    this.#timer = setInterval(() => {
      this.#work = this.#work.then(() => this.#removeExpired());
    }, LOOK_MS).unref();
  }

  /** Ends after the removal that is under way. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#work;
  }

  async #removeExpired(): Promise<void> {
    const { warehouse } = this;
    const isExpired = (properties: Parameters<typeof expirationMs>[0]): boolean =>
      (expirationMs(properties) ?? Infinity) <= warehouse.now();
    for (const { name } of warehouse.catalog.expiringTables().filter((entry) => isExpired(entry.properties)))
      await warehouse
        .runtime(name)
        .writes.change(async () => {
          // The table may have got more time, or be gone, while its queue was busy.
          const present = warehouse.catalog.table(name);
          if (present !== undefined && isExpired(present.properties)) await dropTable(warehouse, name);
        })
        .catch((error: unknown) => {
          console.error(`${tableKey(name)} has expired and could not be removed: ${messageOf(error)}`);
        });
  }
}
