/** `audit` of a day in which each of thousands of event types has one event: how long. */
import { audit } from '@pipeline/books';
import { withDataset } from '../local-cloud/dataset.mjs';

const TYPES = Number(process.env.BENCH_AUDIT_TYPES ?? 5_000);
const FROM = new Date('2026-11-22T00:00:00Z');
const TO = new Date('2026-11-23T00:00:00Z');
const MAX_SECONDS = 60;
const STATEMENTS_AT_ONCE = 8;

/** Audits {@link TYPES} tables with one row each, from an empty cache. */
export async function manyTypes(context) {
  return withDataset(async ({ sql }) => {
    context.log(`making ${TYPES} tables`);
    await load(sql);
    const before = performance.now();
    const { totals } = await audit(sql, { span: { from: FROM, to: TO }, now: TO, inProgressMs: 0 });
    const seconds = (performance.now() - before) / 1_000;
    if (totals.received !== TYPES || totals.rows !== TYPES || totals.unaccounted !== 0)
      throw new Error(`the books are wrong: ${JSON.stringify(totals)}`);
    return {
      name: `audit of a day of ${TYPES} event types, one event each`,
      value: seconds,
      unit: 's',
      target: `≤ ${MAX_SECONDS} s`,
      met: seconds <= MAX_SECONDS,
    };
  });
}

async function load(sql) {
  const id = "CONCAT('10000000000', LPAD(CAST(n AS STRING), 8, '0'))";
  const at = `TIMESTAMP_ADD(TIMESTAMP '${FROM.toISOString()}', INTERVAL n SECOND)`;
  await sql.execute({
    sql: `INSERT INTO ${sql.archiveName('_raw_events')} (subscription_name, message_id, publish_time, data, attributes) SELECT 'archive', ${id}, ${at}, b'{}', PARSE_JSON(CONCAT('{"event_type":"type_', CAST(n AS STRING), '"}')) FROM UNNEST(GENERATE_ARRAY(1, ${TYPES})) AS n`,
  });
  let next = 1;
  const makeTables = async () => {
    while (next <= TYPES) {
      const n = next++;
      await sql.execute({
        sql: `CREATE TABLE ${sql.name(`type_${n}`)} (_message_id STRING NOT NULL, _publish_time TIMESTAMP NOT NULL, _event_type STRING, _overflow JSON, n INT64) PARTITION BY DATE(_publish_time) AS SELECT ${id}, ${at}, 'type_${n}', CAST(NULL AS JSON), n FROM UNNEST([${n}]) AS n`,
      });
    }
  };
  await Promise.all(Array.from({ length: STATEMENTS_AT_ONCE }, makeTables));
}
