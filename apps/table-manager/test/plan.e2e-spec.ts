import { request } from 'node:http';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PlanReport } from '@pipeline/bigquery-tables';
import { Harness } from './harness.js';

let harness: Harness;
let url: string;

beforeAll(async () => {
  harness = await Harness.start();
  url = await harness.startInstance({ DELIVERY_MODE: 'dataflow' });
});

afterAll(async () => {
  await harness.stop();
});

async function plan(body: string | Readable, format = 'event'): Promise<PlanReport> {
  const text = await new Promise<string>((resolve, reject) => {
    const headers = { 'content-type': 'application/x-ndjson' };
    const call = request(`${url}/plan?format=${format}`, { method: 'POST', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve(Buffer.concat(chunks).toString());
      });
    });
    call.on('error', reject);
    Readable.from(body).pipe(call);
  });
  return JSON.parse(text) as PlanReport;
}

const toLines = (events: readonly object[]): string =>
  events.map((event) => JSON.stringify(event)).join('\n');

async function columnsOf(table: string): Promise<readonly (readonly [string, string, string])[]> {
  const response = await fetch(`${url}/tables/${table}`);
  const { columns } = (await response.json()) as {
    columns: { path: string; type: string; mode: string }[];
  };
  return columns.map(({ path, type, mode }) => [path, type, mode] as const);
}

describe('POST /plan', () => {
  it('says what applying the same events then does, for a new table and for one that is there', async () => {
    const first = [{ event_type: 'planned', n: 1, r: { a: 'x' } }];
    const then = [
      { event_type: 'planned', n: 1.5, r: { a: 'x', b: true }, tags: ['x'] },
      { event_type: 'planned', n: 'no number', when: '2026-11-23' },
    ];

    const created = await plan(toLines(first));
    for (const event of first) await harness.deliver(url, event);
    const changed = await plan(toLines(then));
    for (const event of then) await harness.deliver(url, event);
    const settled = await plan(toLines(then));

    expect(created.tables).toMatchObject([
      {
        table: 'planned',
        action: 'create',
        events: 1,
        changes: [
          { kind: 'CREATE_TABLE', path: null },
          { kind: 'ADD_COLUMN', path: 'event_type', to: 'STRING' },
          { kind: 'ADD_COLUMN', path: 'n', to: 'INT64' },
          { kind: 'ADD_COLUMN', path: 'r', to: 'STRUCT<`a` STRING>' },
        ],
        columns: { used: 10, budget: 5000 },
      },
    ]);
    expect(created.tables[0]?.ddl[0]).toMatch(
      /^CREATE TABLE `local-project`\.`prod_events_dataset`\.`planned`/,
    );
    expect(changed.tables).toMatchObject([
      {
        action: 'change',
        changes: [
          { kind: 'ADD_COLUMN', path: 'r.b', to: 'BOOL' },
          { kind: 'ADD_COLUMN', path: 'tags', to: 'ARRAY<STRING>' },
          { kind: 'ADD_COLUMN', path: 'when', to: 'DATE' },
          { kind: 'WIDEN_COLUMN', path: 'n', from: 'INT64', to: 'NUMERIC' },
        ],
        ddl: [
          '-- tables.patch: planned.r.b BOOL',
          'ALTER TABLE `local-project`.`prod_events_dataset`.`planned` ADD COLUMN `tags` ARRAY<STRING>;',
          'ALTER TABLE `local-project`.`prod_events_dataset`.`planned` ADD COLUMN `when` DATE;',
          'ALTER TABLE `local-project`.`prod_events_dataset`.`planned` ALTER COLUMN `n` SET DATA TYPE NUMERIC;',
        ],
        conflicts: [{ reason: 'TYPE_CONFLICT', at: '/n', count: 1, sample: { pointer: '/n', line: 2 } }],
      },
    ]);
    expect(settled.tables).toMatchObject([{ action: 'unchanged', changes: [], ddl: [] }]);
    expect((await columnsOf('planned')).slice(7)).toEqual([
      ['event_type', 'STRING', 'NULLABLE'],
      ['n', 'NUMERIC', 'NULLABLE'],
      ['r', 'RECORD', 'NULLABLE'],
      ['r.a', 'STRING', 'NULLABLE'],
      ['r.b', 'BOOL', 'NULLABLE'],
      ['tags', 'STRING', 'REPEATED'],
      ['when', 'DATE', 'NULLABLE'],
    ]);
  });

  it('names the lines that would be rejected, with their codes', async () => {
    const { rejected, events, tables } = await plan('\n{"event_type":"x"}\r\nhello\n[1]\n{"a":1}\n');

    expect({ events, tables: tables.map(({ table }) => table) }).toEqual({ events: 1, tables: ['x'] });
    expect(rejected).toMatchObject({
      count: 3,
      byCode: { NOT_JSON: 1, NOT_AN_OBJECT: 1, EVENT_TYPE_MISSING: 1 },
      samples: [
        { line: 3, code: 'NOT_JSON' },
        { line: 4, code: 'NOT_AN_OBJECT' },
        { line: 5, code: 'EVENT_TYPE_MISSING' },
      ],
    });
  });

  it('takes messages with attributes, as a push has them and as the archive is exported', async () => {
    const data = Buffer.from('{"a":1}').toString('base64');
    const report = await plan(
      toLines([
        { message: { data, attributes: { event_type: 'pushed' } } },
        { data, attributes: '{"event_type":"archived"}' },
        { data: 7 },
      ]),
      'message',
    );

    expect(report.tables.map(({ table }) => table)).toEqual(['pushed', 'archived']);
    expect(report.rejected.samples).toMatchObject([{ line: 3, code: 'ENVELOPE_INVALID' }]);
  });

  it('reads a body longer than any other may be, as it comes', async () => {
    const line = `${JSON.stringify({ event_type: 'streamed', text: 'x'.repeat(10_000) })}\n`;
    const piece = Buffer.from(line.repeat(100));
    const body = Readable.from(Array.from({ length: 40 }, () => piece));

    expect(await plan(body)).toMatchObject({ events: 4_000, rejected: { count: 0 } });
  });

  it('refuses a format that there is none of, by name', async () => {
    const response = await fetch(`${url}/plan?format=csv`, { method: 'POST', body: 'x' });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { code: 'INVALID_REQUEST', fields: [{ field: 'format', rule: 'isIn' }] },
    });
  });
});
