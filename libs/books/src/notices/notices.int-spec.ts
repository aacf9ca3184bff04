import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PIPELINE_COLUMNS, type TableSchema } from '@pipeline/schema-inference';
import { startLocalDataset, type LocalDataset } from '../local-dataset.builder.js';
import { historyEntry, NOW } from './facts.builder.js';
import { historyFact } from './history-facts.js';
import { InMemoryOutbox } from './in-memory-outbox.fake.js';
import { factId, toNotice, type Fact } from './notice.js';
import type { FactSource, FactSpan } from './notice-facts.port.js';
import type { NoticeOutbox } from './notice-outbox.port.js';
import type { NewNotice } from './choose-notices.js';
import { HistoryFacts, LedgerFacts, PendingFacts } from './sql-facts.js';
import { listNotices, type ListedNotices, type NoticesOptions } from './list-notices.js';
import { SqlNoticeOutbox } from './sql-notice-outbox.js';

const HOUR_MS = 3_600_000;
const SPAN: FactSpan = {
  now: NOW,
  publishedSince: new Date(NOW.getTime() - 48 * HOUR_MS),
  reported: new Set(),
};

let local: LocalDataset;

beforeAll(async () => {
  local = await startLocalDataset();
});

afterAll(() => local.stop());

describe.each([
  ['in memory', () => new InMemoryOutbox()],
  ['in BigQuery', () => new SqlNoticeOutbox(local.sql, 'spec')],
])('the outbox %s', (_name, create) => {
  const since = new Date(NOW.getTime() - HOUR_MS);
  const notice = (table: string, changeId = 'c'): NewNotice => {
    const fact = historyFact(historyEntry({ table, changeId, reason: "it's \\ 'quoted'" }));
    return {
      notice: toNotice([fact], NOW, { projectId: 'p', dataset: 'd' }),
      facts: [factId(fact)],
    };
  };
  let outbox: NoticeOutbox;

  beforeAll(() => {
    outbox = create();
  });

  it('gives back what was recorded, the oldest first, and what waits', async () => {
    const [first, second] = [notice('orders'), notice('stock')];
    await outbox.record([first], new Date(NOW.getTime() - 60_000));
    await outbox.record([second], NOW);

    expect(
      (await outbox.read(since)).map(({ recordedAt, ...rest }) => [Date.parse(recordedAt), rest]),
    ).toEqual([
      [
        NOW.getTime() - 60_000,
        {
          id: first.notice.id,
          type: 'schema.changed',
          table: 'orders',
          facts: first.facts,
          waiting: first.notice,
        },
      ],
      [
        NOW.getTime(),
        {
          id: second.notice.id,
          type: 'schema.changed',
          table: 'stock',
          facts: second.facts,
          waiting: second.notice,
        },
      ],
    ]);
  });

  it('has a notice that two processes recorded once', async () => {
    await outbox.record([notice('orders')], NOW);

    expect(await outbox.read(since)).toHaveLength(2);
  });

  it('keeps a notice that Pub/Sub has, without its text', async () => {
    await outbox.mark([{ notice: notice('orders').notice, messageId: '1' }], NOW);
    await outbox.mark([{ notice: notice('orders').notice, messageId: '2' }], NOW);

    expect((await outbox.read(since)).map(({ table, waiting }) => [table, waiting === null])).toEqual([
      ['orders', true],
      ['stock', false],
    ]);
  });

  it('holds more notices than one statement, and none of before', async () => {
    const many = Array.from({ length: 45 }, (_unused, n) => notice('many', `c${n}`));
    await outbox.record(many, new Date(NOW.getTime() + HOUR_MS));

    expect(await outbox.read(new Date(NOW.getTime() + 1))).toHaveLength(45);
  });
});

describe('the list of notices', () => {
  const notice = (table: string): NewNotice => {
    const fact = historyFact(historyEntry({ table, changeId: `listed ${table}` }));
    return { notice: toNotice([fact], NOW, { projectId: 'p', dataset: 'd' }), facts: [factId(fact)] };
  };
  const since = new Date(NOW.getTime() + 2 * HOUR_MS);
  const list = (options: Partial<NoticesOptions> = {}): Promise<ListedNotices> =>
    listNotices(local.sql, { since, limit: 10, ...options });

  it('has each once with the time at which Pub/Sub had it, and those that wait by themselves', async () => {
    const outbox = new SqlNoticeOutbox(local.sql, 'spec');
    const [published, waits] = [notice('listed'), notice('waiting')];
    await outbox.record([published, waits], since);
    await outbox.record([published], new Date(since.getTime() + 1_000));
    await outbox.mark([{ notice: published.notice, messageId: '17' }], new Date(since.getTime() + 2_000));
    await outbox.mark([{ notice: published.notice, messageId: '18' }], new Date(since.getTime() + 3_000));
    const entry = {
      id: waits.notice.id,
      type: 'schema.changed',
      table: 'waiting',
      count: 1,
      items: waits.notice.data.items,
      recordedAt: expect.stringContaining(since.toISOString().slice(0, 19)),
      publishedAt: null,
      messageId: null,
    };
    const { notices, ...counts } = await list();

    expect(counts).toEqual({ total: 2, waiting: 1 });
    expect(notices).toHaveLength(2);
    expect(notices).toContainEqual(entry);
    expect(notices).toContainEqual({
      ...entry,
      id: published.notice.id,
      table: 'listed',
      items: published.notice.data.items,
      publishedAt: expect.stringContaining(new Date(since.getTime() + 2_000).toISOString().slice(0, 19)),
      messageId: '17',
    });
    expect(await list({ onlyWaiting: true })).toEqual({ notices: [entry], total: 1, waiting: 1 });
    expect(await list({ table: 'listed' })).toMatchObject({ total: 1, waiting: 0 });
    expect(await list({ limit: 1 })).toMatchObject({ notices: [{}], total: 2, waiting: 1 });
    expect(await list({ since: new Date(since.getTime() + HOUR_MS) })).toEqual({
      notices: [],
      total: 0,
      waiting: 0,
    });
  });
});

describe('facts of the dataset', () => {
  const SCHEMA: TableSchema = { columns: PIPELINE_COLUMNS, closed: false, newColumns: 'approve' };

  async function read(source: FactSource, span: Partial<FactSpan> = {}): Promise<readonly Fact[]> {
    return source.read({ ...SPAN, ...span });
  }

  async function addHistory(id: string, kind: string, path: string, hoursAgo: number): Promise<void> {
    await local.sql.execute({
      sql: `INSERT INTO ${local.sql.name('_schema_history')} (change_id, table_name, version, path, kind, sample, changed_at, actor)
VALUES (@id, 'orders', 1, @path, @kind, PARSE_JSON('{"reason":"why"}'), @at, 'cli (ada)')`,
      parameters: { id, kind, path, at: new Date(NOW.getTime() - hoursAgo * HOUR_MS) },
    });
  }

  it('are changes and decisions of a week, each once, without those that were reported', async () => {
    const source = new HistoryFacts(local.sql);
    await addHistory('old', 'ADD_COLUMN', 'a', 8 * 24);
    await addHistory('add', 'ADD_COLUMN', 'b', 2);
    await addHistory('add', 'ADD_COLUMN', 'b', 2);
    await addHistory('reject', 'REJECT_CHANGE', '/c', 1);
    const facts = await read(source);

    expect(facts.map(({ type, key, item }) => [type, key, item['reason']])).toEqual([
      ['schema.changed', 'add', undefined],
      ['approval.decided', 'reject', 'why'],
    ]);
    const reported = new Set(facts.slice(0, 1).map(factId));
    expect((await read(source, { reported })).map(({ key }) => key)).toEqual(['reject']);
  });

  it('are changes and types that wait, by the publish time of their values', async () => {
    const source = new PendingFacts(local.sql, () => Promise.resolve(SCHEMA));
    const { sql } = local;
    await sql.execute({
      sql: `CREATE TABLE ${sql.name('orders')} (_message_id STRING NOT NULL, _publish_time TIMESTAMP NOT NULL, _attributes JSON, _overflow JSON) OPTIONS (labels = [('pipeline_new_columns', 'approve')])`,
    });
    const entry = '{"reason":"AWAITING_APPROVAL","value":1}';
    await sql.execute({
      sql: `INSERT INTO ${sql.name('orders')} (_message_id, _publish_time, _overflow) VALUES
('m1', TIMESTAMP '2026-11-27 10:00:00+00', PARSE_JSON('{"/old":${entry}}')),
('m2', TIMESTAMP '2026-11-30 09:00:00+00', PARSE_JSON('{"/new":${entry}}'))`,
    });
    await sql.execute({
      sql: `INSERT INTO ${sql.name('_quarantine')} (message_id, publish_time, event_type, table_name, reason, data, quarantined_at) VALUES
('q1', TIMESTAMP '2026-11-27 10:00:00+00', 'old.type', 'old_type', 'AWAITING_APPROVAL', b'{}', CURRENT_TIMESTAMP()),
('q2', TIMESTAMP '2026-11-30 09:00:00+00', 'new.type', 'new_type', 'AWAITING_APPROVAL', b'{}', CURRENT_TIMESTAMP())`,
    });
    const names = async (publishedSince: Date): Promise<readonly unknown[]> =>
      (await read(source, { publishedSince })).map(({ table, item }) => [table, item['table'], item['path']]);

    expect(await names(SPAN.publishedSince)).toEqual([
      ['_quarantine', 'new_type', ''],
      ['orders', 'orders', '/new'],
    ]);
    expect(await names(new Date(0))).toHaveLength(4);
  });

  it('are no changes of a table without a contract and no changes whose values are on their way', async () => {
    await addHistory('approve', 'APPROVE_CHANGE', '/new', 0.5);
    const facts = await read(new PendingFacts(local.sql, () => Promise.resolve(SCHEMA)));

    expect(facts.map(({ item }) => item['table'])).toEqual(['new_type']);
  });

  it('are the hours of the last audit', async () => {
    const { sql } = local;
    const line = (hour: string, table: string, unaccounted: number, audited: string): string =>
      `(TIMESTAMP '2026-11-30 ${hour}:00:00+00', TIMESTAMP '2026-11-30 ${hour}:59:59+00', ${table}, 100, 90, 10, 0, ${unaccounted}, 0, 0, TIMESTAMP '2026-11-30 ${audited}+00', 'spec')`;
    await sql.execute({
      sql: `INSERT INTO ${sql.archiveName('_ledger')} (span_start, span_end, table_name, received, row_count, dead_letters, in_progress, unaccounted, duplicates, unarchived, audited_at, actor) VALUES
${[
  line('08', "'orders'", 0, '09:05:00'),
  line('09', 'NULL', 7, '09:30:00'),
  line('09', 'NULL', 2, '10:00:00'),
  line('09', "'orders'", 0, '10:00:00'),
].join(',\n')}`,
    });

    expect(
      (await read(new LedgerFacts(sql))).map(({ type, table, item }) => [type, table, item['hour']]),
    ).toEqual([
      ['books.unbalanced', null, '2026-11-30T09:00:00.000Z'],
      ['deadletters.rising', null, '2026-11-30T09:00:00.000Z'],
      ['deadletters.rising', 'orders', '2026-11-30T08:00:00.000Z'],
    ]);
  });
});
