import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allRows, type BigquerySql } from '@pipeline/google-clients';
import { listActions, recordIntent, recordOutcome } from './action-log.js';
import { deadLetterTrend } from './dead-letters.js';
import { ledgerHistory } from './ledger-history.js';
import { startLocalDataset, type LocalDataset } from './local-dataset.builder.js';
import { sampleRows } from './sample-rows.js';
import { withoutRejected } from './rejected-changes.js';
import { tableVerbs } from './table-overview.js';

const SPAN = { from: new Date('2026-11-29T00:00:00Z'), to: new Date('2026-11-30T00:00:00Z') };

describe('queries of the console', () => {
  let local: LocalDataset;
  let sql: BigquerySql;

  beforeAll(async () => {
    local = await startLocalDataset();
    ({ sql } = local);
  });

  afterAll(() => local.stop());

  it('sum the last audit of each hour of the ledger', async () => {
    const ledger = sql.archiveName('_ledger');
    const line = (
      hour: string,
      audited: string,
      table: string | null,
      rows: number,
      unaccounted: number,
    ): string =>
      `(TIMESTAMP '2026-11-29 ${hour}:00:00', TIMESTAMP '2026-11-29 ${audited}:00:00', ${table === null ? 'NULL' : `'${table}'`}, ${rows + unaccounted}, ${rows}, 0, 0, ${unaccounted}, 0, 0, TIMESTAMP '2026-11-29 ${audited}:00:00', 'test')`;
    await sql.execute({
      sql: `INSERT INTO ${ledger} (span_start, span_end, table_name, received, row_count, dead_letters, in_progress, unaccounted, duplicates, unarchived, audited_at, actor) VALUES ${[
        line('01', '02', 'orders', 5, 2),
        line('01', '03', 'orders', 7, 0),
        line('01', '03', null, 0, 1),
        line('02', '03', 'orders', 3, 0),
      ].join(', ')}`,
    });

    expect(await ledgerHistory(sql, SPAN)).toEqual([
      {
        hour: '2026-11-29T01:00:00.000000Z',
        received: 8,
        rows: 7,
        deadLetters: 0,
        inProgress: 0,
        unaccounted: 1,
        auditedAt: '2026-11-29T03:00:00.000000Z',
      },
      {
        hour: '2026-11-29T02:00:00.000000Z',
        received: 3,
        rows: 3,
        deadLetters: 0,
        inProgress: 0,
        unaccounted: 0,
        auditedAt: '2026-11-29T03:00:00.000000Z',
      },
    ]);
  });

  it('count dead letters by hour', async () => {
    await sql.execute({
      sql: `INSERT INTO ${sql.name('_dead_letters')} (subscription_name, message_id, publish_time, data, attributes) VALUES ${[
        '01:10',
        '01:50',
        '03:00',
      ]
        .map(
          (time, index) =>
            `('s', 'd-${index}', TIMESTAMP '2026-11-29 ${time}:00', JSON '{"reason":"NOT_JSON","message_id":"m-${index}"}', JSON '{}')`,
        )
        .join(', ')}`,
    });

    expect(await deadLetterTrend(sql, { since: SPAN.from, dismissed: 'exclude' }, 'HOUR')).toEqual([
      { start: '2026-11-29T01:00:00.000000Z', letters: 2 },
      { start: '2026-11-29T03:00:00.000000Z', letters: 1 },
    ]);
  });

  it('give the newest rows with their cells as JSON text, exactly', async () => {
    await sql.execute({
      sql: `CREATE TABLE ${sql.name('samples')} (_message_id STRING NOT NULL, _publish_time TIMESTAMP NOT NULL, whole INT64, exact BIGNUMERIC, words STRING, list ARRAY<STRING>, empty STRING)`,
    });
    await sql.execute({
      sql: `INSERT INTO ${sql.name('samples')} VALUES
('m-1', TIMESTAMP '2026-11-29 01:00:00', 1, BIGNUMERIC '1', 'old', [], NULL),
('m-2', TIMESTAMP '2026-11-29 02:00:00', 9007199254740993, BIGNUMERIC '12345678901234567890123456789012345678', '<b>', ['a', 'b'], NULL)`,
    });

    const options = { columns: ['whole', 'exact', 'words', 'list', 'empty'], span: SPAN, limit: 1 };
    await expect(sampleRows(sql, 'samples', { ...options, maxBytes: 1 })).rejects.toThrow(
      /the sample would read \d+ bytes, more than the 1 allowed/,
    );
    expect(await sampleRows(sql, 'samples', { ...options, maxBytes: 1_000_000 })).toEqual([
      {
        messageId: 'm-2',
        publishedAt: '2026-11-29T02:00:00.000000Z',
        cells: {
          whole: '"9007199254740993"',
          exact: '"12345678901234567890123456789012345678"',
          words: '"<b>"',
          list: '["a","b"]',
        },
      },
    ]);
  });

  it('read the verbs of contracts from the labels of tables', async () => {
    const create = (table: string, labels: string): Promise<unknown> =>
      sql.execute({ sql: `CREATE TABLE ${sql.name(table)} (a STRING) OPTIONS (labels = [${labels}])` });
    await create('held_back', `('pipeline_new_columns', 'approve'), ('team', 'x')`);
    await create('closed_off', `('pipeline_type_changes', 'overflow'), ('pipeline_new_columns', 'evolve')`);
    await create('free', `('pipeline_new_columns', 'evolve')`);
    await create('other', `('team', 'approve')`);

    expect(await tableVerbs(sql, ['held_back', 'closed_off', 'free', 'other'])).toEqual(
      new Map([
        ['held_back', { newColumns: 'approve', typeChanges: 'evolve' }],
        ['closed_off', { newColumns: 'evolve', typeChanges: 'overflow' }],
      ]),
    );
    expect(await tableVerbs(sql, [])).toEqual(new Map());
  });

  it('leave out values whose change was rejected, and not approved since', async () => {
    const decide = (path: string, kind: string, at: string): Promise<unknown> =>
      sql.execute({
        sql: `INSERT INTO ${sql.name('_schema_history')} (change_id, table_name, version, path, kind, changed_at, actor)
VALUES ('${path} ${at}', 'orders', 0, '${path}', '${kind}', TIMESTAMP '2026-11-29 ${at}:00:00+00', 'cli')`,
      });
    await decide('/debug', 'REJECT_CHANGE', '10');
    await decide('/items/sku', 'APPROVE_CHANGE', '10');
    await decide('/items/sku', 'REJECT_CHANGE', '11');
    await decide('/discount', 'REJECT_CHANGE', '10');
    await decide('/discount', 'APPROVE_CHANGE', '11');
    const group = (table: string, path: string, reason = 'AWAITING_APPROVAL') => ({
      table,
      path,
      reason,
      values: 1,
      firstSeen: '',
      lastSeen: '',
      sampleMessageId: '1',
      samplePointer: '',
    });

    const kept = await withoutRejected(sql, [
      group('orders', '/debug'),
      group('orders', '/items/*/sku'),
      group('orders', '/discount'),
      group('orders', '/debug', 'TYPE_CONFLICT'),
      group('other', '/debug'),
    ]);

    expect(kept).toEqual([
      group('orders', '/discount'),
      group('orders', '/debug', 'TYPE_CONFLICT'),
      group('other', '/debug'),
    ]);
  });

  it('write actions as rows that are never changed, and read an action with its outcome, the newest first', async () => {
    const author = (actionId: string) =>
      ({ actionId, kind: 'replay', actor: 'console@1 (ada)', role: 'operator' }) as const;
    const hostile = { reason: `x'; DROP TABLE "t"`, text: '\u0000\n🙂', digits: 1, nothing: null };
    const at = (minute: string): Date => new Date(`2026-11-29T10:${minute}:00.123Z`);
    await recordIntent(sql, {
      ...author('old'),
      input: {},
      preview: {},
      at: new Date('2026-11-01T00:00:00Z'),
    });
    await recordIntent(sql, { ...author('a'), input: hostile, preview: { messages: 2 }, at: at('00') });
    await recordIntent(sql, { ...author('b'), input: { since: '1h' }, preview: {}, at: at('01') });
    await recordIntent(sql, { ...author('c'), input: {}, preview: {}, at: at('02') });
    await recordOutcome(sql, {
      ...author('a'),
      outcome: 'completed',
      result: { published: 2 },
      detail: null,
      at: at('03'),
    });
    await recordOutcome(sql, {
      ...author('b'),
      outcome: 'failed',
      result: null,
      detail: `denied: it's "so"`,
      at: at('04'),
    });

    const logged = await listActions(sql, SPAN.from, 10);

    const common = { kind: 'replay', actor: 'console@1 (ada)', role: 'operator' };
    expect(logged.map((action) => ({ ...action, input: JSON.parse(action.input) as unknown }))).toEqual([
      {
        ...common,
        actionId: 'c',
        input: {},
        preview: '{}',
        startedAt: '2026-11-29T10:02:00.123000Z',
        endedAt: null,
        outcome: null,
        result: null,
        detail: null,
      },
      {
        ...common,
        actionId: 'b',
        input: { since: '1h' },
        preview: '{}',
        startedAt: '2026-11-29T10:01:00.123000Z',
        endedAt: '2026-11-29T10:04:00.123000Z',
        outcome: 'failed',
        result: null,
        detail: `denied: it's "so"`,
      },
      {
        ...common,
        actionId: 'a',
        input: hostile,
        preview: '{"messages":2}',
        startedAt: '2026-11-29T10:00:00.123000Z',
        endedAt: '2026-11-29T10:03:00.123000Z',
        outcome: 'completed',
        result: '{"published":2}',
        detail: null,
      },
    ]);
    expect((await listActions(sql, SPAN.from, 1)).map(({ actionId }) => actionId)).toEqual(['c']);
    const [counted] = await allRows(sql, { sql: `SELECT COUNT(*) AS entries FROM ${sql.name('_actions')}` });
    expect(counted).toEqual({ entries: 6 });
  });
});
