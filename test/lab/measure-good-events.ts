import type { Sql } from '@pipeline/google-clients';
import { percentiles, type Percentiles } from './percentiles.js';

/** Times from publish to row of the events of some producers. */
export interface GoodEvents extends Percentiles {
  readonly rows: number;
}

/**
 * Reads `_ingest_time − _publish_time`, the time at which the row was built, of every row of these tables; with `firstN` of
 * those whose `n` is at least that.
 */
export async function measureGoodEvents(
  sql: Sql,
  tables: readonly string[],
  firstN?: number,
): Promise<GoodEvents> {
  const timesMs: number[] = [];
  const where = firstN === undefined ? '' : `WHERE n >= ${firstN}`;
  for (const table of tables) {
    const query = `SELECT TIMESTAMP_DIFF(MIN(_ingest_time), MIN(_publish_time), MILLISECOND) AS ms FROM ${sql.name(table)} ${where} GROUP BY _message_id`;
    for await (const { ms } of sql.rows({ sql: query })) timesMs.push(Number(ms));
  }
  return { rows: timesMs.length, ...percentiles(timesMs) };
}
