import { describe, expect, it } from '@jest/globals';
import { PIPELINE_COLUMNS, type Column, type TableSchema } from '@pipeline/schema-inference';
import {
  candidateCondition,
  candidatesQuery,
  fingerprintName,
  mergeStatement,
  rowsQuery,
} from './promotion-sql.js';

const column = (name: string, rest: Partial<Column> = {}): Column => ({
  name,
  type: 'INT64',
  mode: 'NULLABLE',
  ...rest,
});
const table = (...columns: Column[]): TableSchema => ({
  columns: [...PIPELINE_COLUMNS, ...columns],
  closed: false,
});
const description = 'pipeline:{"key":"a","retired":true}';

describe('the SQL of promotion', () => {
  it('looks at rows with a waiting value, or at every overflow, and at retired columns', () => {
    const schema = table(
      column('a', { description }),
      column('tags', { mode: 'REPEATED', description }),
      column('b'),
    );
    const retired = '`a` IS NOT NULL OR ARRAY_LENGTH(`tags`) > 0';

    expect(candidateCondition(schema, 'all')).toBe(`_overflow IS NOT NULL OR ${retired}`);
    expect(candidateCondition(schema, 'waiting')).toBe(
      `STRPOS(TO_JSON_STRING(_overflow), '"reason":"AWAITING_') > 0 OR ${retired}`,
    );
  });

  it('counts the days of many tables by one query', () => {
    const tables = ['t', 'u'].map((tableId) => ({ tableId, name: `\`p.d.${tableId}\``, condition: 'x' }));
    const select = (tableId: string): string =>
      `SELECT '${tableId}' AS table_name, FORMAT_TIMESTAMP('%F', _publish_time) AS day, COUNT(*) AS row_count ` +
      `FROM \`p.d.${tableId}\` WHERE _publish_time >= @since AND (x) GROUP BY day`;

    expect(candidatesQuery(tables)).toBe(
      `${select('t')}\nUNION ALL ${select('u')}\nORDER BY table_name, day DESC`,
    );
  });

  it('reads one partition, with a name for the fingerprint that no column has', () => {
    const schema = table(column('Fingerprint'), column('_fingerprint'));
    const selection = { name: '`p.d.t`', schema, condition: 'x', day: '2028-02-29' };

    expect(fingerprintName(schema)).toBe('__fingerprint');
    expect(rowsQuery(selection)).toBe(
      'SELECT `_message_id`, `_publish_time`, `_revision`, `_overflow`, `Fingerprint`, `_fingerprint`, ' +
        'COALESCE(FARM_FINGERPRINT(TO_JSON_STRING(_overflow)), 0) AS `__fingerprint` FROM `p.d.t`\n' +
        "WHERE _publish_time >= TIMESTAMP '2028-02-29' AND _publish_time < TIMESTAMP '2028-03-01' AND (x)",
    );
  });

  it('merges by key, revision and content, within one partition', () => {
    const staged = [{ stagedAs: 'c0', column: column('order') }];

    expect(mergeStatement({ name: '`p.d.t`', day: '2026-12-31' }, '`p.d.s`', staged)).toBe(
      `MERGE \`p.d.t\` AS T USING \`p.d.s\` AS S
ON T._message_id = S.message_id AND T._publish_time = S.publish_time AND COALESCE(T._revision, 0) = S.revision
  AND COALESCE(FARM_FINGERPRINT(TO_JSON_STRING(T._overflow)), 0) = S.fingerprint
  AND T._publish_time >= TIMESTAMP '2026-12-31' AND T._publish_time < TIMESTAMP '2027-01-01'
WHEN MATCHED THEN UPDATE SET _overflow = S.overflow, _revision = S.revision + 1, \`order\` = S.c0`,
    );
  });
});
