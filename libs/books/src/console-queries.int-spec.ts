import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BigquerySql } from '@pipeline/google-clients';
import { deadLetterTrend } from './dead-letters.js';
import { ledgerHistory } from './ledger-history.js';
import { startLocalDataset, type LocalDataset } from './local-dataset.builder.js';
import { sampleRows } from './sample-rows.js';

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
});
