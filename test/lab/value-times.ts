import type { Sql } from '@pipeline/google-clients';
import { percentiles, type Percentiles } from './percentiles.js';

/** Condition on a row that has a value without its column. */
const AWAITS = `COALESCE(STRPOS(TO_JSON_STRING(_overflow), '"reason":"AWAITING_COLUMN"'), 0) > 0`;

/** Observes when the last value of each event is in its column. Its times include the interval between two looks. */
export class ValueTimes {
  /** Message id → milliseconds from publish to the first look without a waiting value. */
  readonly #timesMs = new Map<string, number>();

  constructor(
    private readonly sql: Sql,
    private readonly tables: readonly string[],
  ) {}

  /** Messages whose values are all in their columns, or in `_overflow` for another reason. */
  get count(): number {
    return this.#timesMs.size;
  }

  get times(): Percentiles {
    return percentiles([...this.#timesMs.values()]);
  }

  async look(): Promise<void> {
    for (const table of this.tables) {
      const query = `SELECT _message_id AS id, UNIX_MILLIS(MIN(_publish_time)) AS ms FROM ${this.sql.name(table)} GROUP BY id HAVING COUNTIF(${AWAITS}) = 0`;
      for await (const { id, ms } of this.sql.rows({ sql: query })) {
        const messageId = id as string;
        if (!this.#timesMs.has(messageId)) this.#timesMs.set(messageId, Date.now() - Number(ms));
      }
    }
  }
}

/** Counts the rows of a table that have a value without its column. */
export async function countWaiting(sql: Sql, table: string): Promise<number> {
  return firstNumber(sql, `SELECT COUNTIF(${AWAITS}) AS c FROM ${sql.name(table)}`);
}

/** Counts the values that were moved to a column, by `_promotions`. */
export async function countMoved(sql: Sql): Promise<number> {
  return firstNumber(sql, `SELECT COALESCE(SUM(values_moved), 0) AS c FROM ${sql.name('_promotions')}`);
}

async function firstNumber(sql: Sql, query: string): Promise<number> {
  for await (const { c } of sql.rows({ sql: query })) return Number(c);
  return 0;
}
