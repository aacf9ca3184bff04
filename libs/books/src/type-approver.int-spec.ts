import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { allRows, type BigquerySql, type OutgoingMessage } from '@pipeline/google-clients';
import { PIPELINE_COLUMNS } from '@pipeline/schema-inference';
import { Forecaster } from './forecast.js';
import { startLocalDataset, type LocalDataset } from './local-dataset.builder.js';
import { pendingTypes } from './pending-types.js';
import { REPLAY_OF } from './replay.js';
import { TypeApprover, type EarlierTypeDecision, type TypeTables } from './type-approver.js';

const AT = '2026-11-29T10:00:00Z';

let local: LocalDataset;
let sql: BigquerySql;
/** The action of the services on the n-th replayed message: a row, held again, or nothing. */
let services: (published: number) => 'row' | 'held' | 'nothing';
let published: string[];
let decisions: string[];
let firstEvents: number;

beforeAll(async () => {
  local = await startLocalDataset();
  ({ sql } = local);
});

afterAll(() => local.stop());

beforeEach(async () => {
  services = () => 'row';
  published = [];
  decisions = [];
  firstEvents = 0;
  await sql.execute({ sql: `DELETE FROM ${sql.name('_quarantine')} WHERE TRUE` });
  await sql.execute({ sql: `DELETE FROM ${sql.name('_dead_letters')} WHERE TRUE` });
  for (const table of ['invoice', 'other'])
    await sql.execute({ sql: `DROP TABLE IF EXISTS ${sql.name(table)}` });
});

async function hold(id: string, table = 'invoice'): Promise<void> {
  const data = Buffer.from(JSON.stringify({ event_type: table, to: 'ada@example.org', n: 12 }));
  await sql.execute({
    sql: `INSERT INTO ${sql.name('_quarantine')} (message_id, publish_time, event_type, table_name, reason, data, attributes, quarantined_at)
VALUES ('${id}', TIMESTAMP '${AT}', '${table}', '${table}', 'AWAITING_APPROVAL', FROM_BASE64('${data.toString('base64')}'), JSON '{}', CURRENT_TIMESTAMP())`,
  });
}

async function deadLetter(id: string, reason: string): Promise<void> {
  const data = Buffer.from('{"event_type":"invoice","n":1}').toString('base64');
  const letter = { message_id: id, publish_time: AT, table: 'invoice', event_type: 'invoice', reason, data };
  await sql.execute({
    sql: `INSERT INTO ${sql.name('_dead_letters')} (subscription_name, message_id, publish_time, data, attributes)
VALUES ('s', 'd-${id}-${reason}', TIMESTAMP '${AT}', PARSE_JSON(@letter), JSON '{}')`,
    parameters: { letter: JSON.stringify(letter) },
  });
}

async function create(table: string): Promise<void> {
  await sql.execute({
    sql: `CREATE TABLE IF NOT EXISTS ${sql.name(table)} (_message_id STRING NOT NULL, _publish_time TIMESTAMP NOT NULL)`,
  });
}

/** Does what the services do with a replayed message. */
async function publish({ attributes }: OutgoingMessage): Promise<string> {
  const id = attributes[REPLAY_OF] ?? '';
  published.push(id);
  const action = services(published.length);
  if (action === 'held') await hold(id);
  if (action === 'row')
    await sql.execute({
      sql: `INSERT INTO ${sql.name('invoice')} (_message_id, _publish_time) VALUES ('${id}', TIMESTAMP '${AT}')`,
    });
  return `replay-${published.length}`;
}

const tables: TypeTables = {
  exists: async (table) => {
    const found = `SELECT table_name FROM ${sql.name('INFORMATION_SCHEMA.TABLES')} WHERE table_name = '${table}'`;
    return (await allRows(sql, { sql: found })).length > 0;
  },
  create: async (table, events) => {
    firstEvents = events.length;
    await create(table);
    return true;
  },
  earlier: () => {
    const kind = decisions.at(-1)?.split(' ')[0];
    const decided = { decidedAt: AT, actor: 'spec', reason: null };
    return Promise.resolve(
      kind === undefined ? null : { kind: kind as EarlierTypeDecision['kind'], ...decided },
    );
  },
  record: (table, kind, reason) => {
    decisions.push(`${kind} ${table} ${reason ?? '-'}`);
    return Promise.resolve();
  },
};

function anApprover(patienceMs = 60_000): TypeApprover {
  return new TypeApprover({
    sql,
    tables,
    publisher: { publish, close: () => Promise.resolve() },
    forecaster: new Forecaster({
      readSchema: () => Promise.resolve({ columns: PIPELINE_COLUMNS, closed: false }),
      routes: {},
    }),
    routing: { routes: {} },
    settleMs: 0,
    pauseMs: 0,
    patienceMs,
  });
}

describe('an approval of an event type', () => {
  it('creates the table by the events that wait, replays each once, and leaves other types alone', async () => {
    await Promise.all([hold('1'), hold('2'), hold('o', 'other')]);

    expect(await anApprover().approve('invoice', 'finance')).toEqual({
      kind: 'approved',
      table: 'invoice',
      created: true,
      earlier: null,
      replayed: 2,
      left: 0,
    });
    expect([published.sort(), firstEvents, decisions]).toEqual([
      ['1', '2'],
      2,
      ['APPROVE_CHANGE invoice finance'],
    ]);
    expect(await anApprover().approve('invoice', null)).toMatchObject({ kind: 'exists', table: 'invoice' });
    expect(await anApprover().reject('invoice', 'late')).toMatchObject({ kind: 'exists', table: 'invoice' });
    expect([published.length, decisions.length]).toEqual([2, 1]);
  });

  it('replays once more a message that a service held again', async () => {
    await hold('1');
    services = (count) => (count > 1 ? 'row' : 'held');

    expect(await anApprover().approve('invoice', null)).toMatchObject({ replayed: 2, left: 0 });
    expect(published).toEqual(['1', '1']);
  });

  it('replays dead letters TYPE_NOT_ALLOWED, and none of another reason', async () => {
    await deadLetter('1', 'TYPE_NOT_ALLOWED');
    await deadLetter('2', 'APPEND_REJECTED');

    expect(await anApprover().approve('invoice', null)).toMatchObject({
      created: true,
      replayed: 1,
      left: 0,
    });
    expect(published).toEqual(['1']);
  });

  it('says how many are left when rows do not come, and goes on when it is run again', async () => {
    await hold('1');
    services = () => 'nothing';

    expect(await anApprover(0).approve('invoice', null)).toMatchObject({
      created: true,
      replayed: 1,
      left: 1,
    });
    services = () => 'row';
    expect(await anApprover().approve('invoice', null)).toMatchObject({
      created: false,
      replayed: 1,
      left: 0,
    });
    expect(decisions).toEqual(['APPROVE_CHANGE invoice -']);
  });

  it('counts a message as settled that became a dead letter of another reason', async () => {
    await hold('1');
    services = () => 'nothing';
    await anApprover(0).approve('invoice', null);
    await deadLetter('1', 'TOO_LARGE');

    expect(await anApprover().approve('invoice', null)).toMatchObject({ kind: 'exists' });
  });

  it('has nothing to decide about a type that no message has', async () => {
    expect(await anApprover().approve('invoice', null)).toEqual({ kind: 'nothing-waits' });
    await create('invoice');
    expect(await anApprover().approve('invoice', null)).toMatchObject({ kind: 'exists' });
  });
});

describe('a rejection of an event type', () => {
  it('leaves the messages where they are, and an approval undoes it', async () => {
    await hold('1');

    expect(await anApprover().reject('invoice', 'no')).toEqual({
      kind: 'rejected',
      table: 'invoice',
      waiting: 1,
      earlier: null,
    });
    expect(await anApprover().reject('invoice', 'again')).toMatchObject({
      earlier: { kind: 'REJECT_CHANGE' },
    });
    expect(await anApprover().approve('invoice', 'yes')).toMatchObject({
      earlier: { kind: 'REJECT_CHANGE' },
      replayed: 1,
      left: 0,
    });
    expect(decisions).toEqual(['REJECT_CHANGE invoice no', 'APPROVE_CHANGE invoice yes']);
  });
});

describe('pending types', () => {
  it('are one entry for each table without a table, the most frequent first', async () => {
    await Promise.all([hold('1'), hold('2'), hold('2'), hold('o', 'other')]);
    const entry = {
      table: 'invoice',
      path: '',
      kind: 'type',
      eventType: 'invoice',
      type: null,
      values: 2,
      valuesPerHour: 2,
      firstMessageId: expect.stringMatching(/^[12]$/),
      firstSeen: '2026-11-29T10:00:00.000000Z',
      lastSeen: '2026-11-29T10:00:00.000000Z',
      days: 1,
      attributes: {},
      sample: '{"event_type":"xxxxxxx","to":"xxx@xxxxxxx.xxx","n":99}',
      warnings: ['EMAIL'],
      rejectedAt: null,
    };

    expect(await pendingTypes(sql)).toEqual({
      total: 2,
      approvals: [
        entry,
        {
          ...entry,
          table: 'other',
          eventType: 'other',
          values: 1,
          valuesPerHour: 1,
          firstMessageId: 'o',
          sample: '{"event_type":"xxxxx","to":"xxx@xxxxxxx.xxx","n":99}',
        },
      ],
    });
    expect(await pendingTypes(sql, { name: 'other' })).toMatchObject({ total: 1 });
    expect(await pendingTypes(sql, { limit: 1 })).toMatchObject({
      total: 2,
      approvals: [{ table: 'invoice' }],
    });
    await create('invoice');
    expect(await pendingTypes(sql)).toMatchObject({ total: 1, approvals: [{ table: 'other' }] });
  });

  it('are left out once they are rejected, and listed again when asked for', async () => {
    await hold('1', 'other');
    await sql.execute({
      sql: `INSERT INTO ${sql.name('_schema_history')} (change_id, table_name, version, path, kind, changed_at, actor)
VALUES ('c', 'other', 0, NULL, 'REJECT_CHANGE', TIMESTAMP '2026-11-29 11:00:00+00', 'cli')`,
    });

    expect(await pendingTypes(sql)).toEqual({ total: 0, approvals: [] });
    expect(await pendingTypes(sql, { includeRejected: true })).toMatchObject({
      total: 1,
      approvals: [{ table: 'other', rejectedAt: '2026-11-29T11:00:00Z' }],
    });
  });
});
