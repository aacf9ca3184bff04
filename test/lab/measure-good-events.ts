import type { Sql } from '@pipeline/google-clients';

/** Times from publish to row of the good producers' events, in milliseconds. */
export interface GoodEvents {
  readonly rows: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Reads `_ingest_time − _publish_time`, the time at which the row was built, of every row of these tables. */
export async function measureGoodEvents(sql: Sql, tables: readonly string[]): Promise<GoodEvents> {
  const timesMs: number[] = [];
  for (const table of tables) {
    const query = `SELECT TIMESTAMP_DIFF(MIN(_ingest_time), MIN(_publish_time), MILLISECOND) AS ms FROM ${sql.name(table)} GROUP BY _message_id`;
    for await (const { ms } of sql.rows({ sql: query })) timesMs.push(Number(ms));
  }
  timesMs.sort((left, right) => left - right);
  const at = (share: number): number =>
    timesMs[Math.min(timesMs.length - 1, Math.floor(timesMs.length * share))] ?? 0;
  return { rows: timesMs.length, p50Ms: at(0.5), p99Ms: at(0.99) };
}
