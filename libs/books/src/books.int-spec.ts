import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allRows, type BigquerySql } from '@pipeline/google-clients';
import { DEFAULT_PIPELINE_NAMES } from '@pipeline/local-cloud';
import { audit, writeLedger } from './audit.js';
import { deadLetterGroups } from './dead-letters.js';
import { deadLetterIds, dismissalOf, markDismissed } from './dismissals.js';
import { startLocalDataset, type LocalDataset } from './local-dataset.builder.js';

const { projectId, dataset } = DEFAULT_PIPELINE_NAMES;
const NOW = new Date('2026-11-23T12:00:00Z');
const SPAN = { from: new Date('2026-11-23T00:00:00Z'), to: NOW };
const IN_PROGRESS_MS = 900_000;
/** More than one statement may name; `BOOKS_TABLES=5000` is the size of a dataset that one producer filled. */
const MANY_TABLES = Number(process.env['BOOKS_TABLES'] ?? '950');

describe('the books in SQL', () => {
  let local: LocalDataset;
  let sql: BigquerySql;

  beforeAll(async () => {
    local = await startLocalDataset(300_000);
    ({ sql } = local);
    await createTables();
    await fill();
  });

  afterAll(() => local.stop());

  async function run(statement: string): Promise<void> {
    await sql.execute({ sql: statement });
  }

  async function createTables(): Promise<void> {
    for (const table of ['orders', 'refunds']) {
      await run(
        `CREATE TABLE ${sql.name(table)} (_message_id STRING NOT NULL, _publish_time TIMESTAMP NOT NULL, n INT64)`,
      );
    }
    await run(`CREATE VIEW ${sql.name('orders_unique')} AS SELECT * FROM ${sql.name('orders')} WHERE TRUE`);
  }

  async function fill(): Promise<void> {
    const at = (time: string): string => `TIMESTAMP '2026-11-23 ${time}+00'`;
    const raw = (id: string, time: string): string => `('s', '${id}', ${at(time)}, b'{}', JSON '{}')`;
    await run(
      `INSERT INTO ${sql.archiveName('_raw_events')} (subscription_name, message_id, publish_time, data, attributes) VALUES ` +
        [
          raw('before', '00:00:00').replace('2026-11-23', '2026-11-22'),
          raw('row', '10:00:00'),
          raw('twice', '10:30:00'),
          raw('twice', '10:30:00'),
          raw('refund', '11:00:00'),
          raw('dead', '11:10:00'),
          raw('replayed', '11:20:00'),
          raw('lost', '11:30:00'),
          raw('held', '11:35:00'),
          raw('released', '11:36:00'),
          raw('dismissed', '11:37:00'),
          raw('taken-back', '11:38:00'),
          raw('young', '11:50:00'),
        ].join(', '),
    );
    const row = (id: string, time: string): string => `('${id}', ${at(time)}, 1)`;
    await run(
      `INSERT INTO ${sql.name('orders')} (_message_id, _publish_time, n) VALUES ` +
        [
          row('row', '10:00:00'),
          row('twice', '10:30:00'),
          row('twice', '10:30:00'),
          row('replayed', '11:20:00'),
          row('released', '11:36:00'),
          row('unknown', '11:20:00'),
        ].join(', '),
    );
    await run(
      `INSERT INTO ${sql.name('refunds')} (_message_id, _publish_time, n) VALUES ${row('refund', '11:00:00')}`,
    );
    const dead = (id: string): string =>
      `('s', 'd', ${at('11:40:00')}, JSON '{"message_id":"${id}","table":"orders","reason":"TOO_LARGE"}', JSON '{}')`;
    await run(
      `INSERT INTO ${sql.name('_dead_letters')} (subscription_name, message_id, publish_time, data, attributes) VALUES ` +
        [dead('dead'), dead('dead'), dead('replayed'), dead('dismissed'), dead('taken-back')].join(', '),
    );
    const by = { reason: 'a test', actor: 'spec@1' };
    const dismiss = (ids: readonly string[], dismissed: boolean, minute: number): Promise<void> =>
      markDismissed(sql, ids, { ...by, dismissed, at: new Date(`2026-11-23T11:${minute}:00Z`) });
    // A row outweighs the mark, as it outweighs the dead letter; the newest mark counts.
    await dismiss(['dismissed', 'taken-back', 'replayed'], true, 45);
    await dismiss(['taken-back'], false, 46);
    const held = (id: string, time: string): string =>
      `('${id}', ${at(time)}, 'new', 'fresh', 'TABLE_GUARD', ${at('11:40:00')})`;
    await run(
      `INSERT INTO ${sql.name('_quarantine')} (message_id, publish_time, event_type, table_name, reason, quarantined_at) VALUES ` +
        [held('held', '11:35:00'), held('held', '11:35:00'), held('released', '11:36:00')].join(', '),
    );
  }

  it('balance: every message of the archive is a row, a dead letter, in progress, or named', async () => {
    const books = await audit(sql, { span: SPAN, now: NOW, inProgressMs: IN_PROGRESS_MS });

    expect(books.totals).toEqual({
      received: 11,
      rows: 5,
      deadLetters: 2,
      dismissed: 1,
      quarantined: 1,
      inProgress: 1,
      unaccounted: 1,
      duplicates: 1,
      unarchived: 1,
      mistimed: 0,
    });
    expect(books.unaccounted).toEqual([{ messageId: 'lost', publishedAt: '2026-11-23T11:30:00.000000Z' }]);
    expect(books.lines.map(({ hour, table, received }) => [hour, table, received])).toEqual([
      ['2026-11-23T10:00:00.000000Z', 'orders', 2],
      ['2026-11-23T11:00:00.000000Z', null, 2],
      ['2026-11-23T11:00:00.000000Z', 'fresh', 1],
      ['2026-11-23T11:00:00.000000Z', 'orders', 5],
      ['2026-11-23T11:00:00.000000Z', 'refunds', 1],
    ]);
  });

  it('count dismissed dead letters apart, and find them again', async () => {
    const since = SPAN.from;

    expect(await deadLetterIds(sql, { since, dismissed: 'only' }, 10)).toEqual(['dismissed', 'replayed']);
    expect(await deadLetterIds(sql, { since, dismissed: 'exclude' }, 10)).toEqual(['dead', 'taken-back']);
    const [group] = await deadLetterGroups(sql, { since, dismissed: 'exclude' });
    expect(group).toMatchObject({ letters: 3, messages: 2 });
    expect(await dismissalOf(sql, 'taken-back')).toEqual({
      dismissed: false,
      reason: 'a test',
      at: '2026-11-23T11:46:00.000000Z',
      actor: 'spec@1',
    });
    expect(await dismissalOf(sql, 'dead')).toBeNull();
  });

  it('read results page by page, each row once and in order', async () => {
    const numbers: unknown[] = [];
    const query = { sql: 'SELECT n FROM UNNEST(GENERATE_ARRAY(1, 4500)) AS n ORDER BY n' };
    for await (const { n } of sql.rows(query)) {
      numbers.push(n);
      if (numbers.length > 4_500) break;
    }

    expect(numbers).toEqual(Array.from({ length: 4_500 }, (_, index) => index + 1));
  });

  it('go to _ledger, one row per hour and table', async () => {
    await run(
      `CREATE TABLE IF NOT EXISTS ${sql.archiveName('_ledger')} (span_start TIMESTAMP NOT NULL, span_end TIMESTAMP NOT NULL, table_name STRING, received INT64, row_count INT64, dead_letters INT64, in_progress INT64, unaccounted INT64, duplicates INT64, unarchived INT64, quarantined INT64, dismissed INT64, audited_at TIMESTAMP, actor STRING)`,
    );
    await writeLedger(sql, { span: SPAN, now: NOW, inProgressMs: IN_PROGRESS_MS, actor: 'spec@1' });

    const [sum] = await allRows(sql, {
      sql: `SELECT COUNT(*) AS n, SUM(received) AS received, SUM(unaccounted) AS unaccounted, MAX(actor) AS actor FROM ${sql.archiveName('_ledger')}`,
    });
    expect(sum).toEqual({ n: 5, received: 11, unaccounted: 1, actor: 'spec@1' });
  });

  it('name a row whose publish time is not that of the archive', async () => {
    const forged = `('row', TIMESTAMP '2026-11-23 09:00:00+00', 1)`;
    await run(`INSERT INTO ${sql.name('orders')} (_message_id, _publish_time, n) VALUES ${forged}`);

    const books = await audit(sql, { span: SPAN, now: NOW, inProgressMs: IN_PROGRESS_MS });

    expect(books.totals.mistimed).toBe(1);
    expect(books.mistimed).toEqual([
      { messageId: 'row', publishedAt: '2026-11-23T10:00:00.000000Z', table: 'orders' },
    ]);
  });

  it(`read ${MANY_TABLES} tables in groups, and leave no temporary table behind`, async () => {
    for (let index = 0; index < MANY_TABLES; index++) await createEventTable(`type_${index}`);
    const last = `type_${MANY_TABLES - 1}`;
    const row = `('refund', TIMESTAMP '2026-11-23 11:00:00+00')`;
    await run(`INSERT INTO ${sql.name(last)} (_message_id, _publish_time) VALUES ${row}`);
    const startedAtMs = performance.now();

    const books = await audit(sql, { span: SPAN, now: NOW, inProgressMs: IN_PROGRESS_MS });

    console.log(`Audit of ${MANY_TABLES} tables: ${Math.round(performance.now() - startedAtMs)} ms`);
    expect(books.totals).toMatchObject({ received: 11, rows: 5, duplicates: 3, unaccounted: 1 });
    const left = await allRows(sql, {
      sql: `SELECT table_name FROM ${sql.name('INFORMATION_SCHEMA.TABLES')} WHERE STARTS_WITH(table_name, '_audit_')`,
    });
    expect(left).toEqual([]);
  }, 600_000);

  async function createEventTable(tableId: string): Promise<void> {
    const response = await fetch(
      `${local.bigqueryUrl}/bigquery/v2/projects/${projectId}/datasets/${dataset}/tables`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          tableReference: { projectId, datasetId: dataset, tableId },
          schema: {
            fields: [
              { name: '_message_id', type: 'STRING', mode: 'REQUIRED' },
              { name: '_publish_time', type: 'TIMESTAMP', mode: 'REQUIRED' },
            ],
          },
        }),
      },
    );
    expect(response.status).toBe(200);
  }
});
