import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formatDatetime } from '../../rules/civil-time.js';
import { type BigqueryEmulator, startBigqueryEmulator } from '../../index.js';
import { restCaller, type RestCaller } from '../../testing/rest-caller.builder.js';

interface Vector {
  readonly sql: string;
  readonly type: string;
  readonly value: string;
}

interface WireField {
  readonly name: string;
  readonly type: string;
  readonly mode: string;
  readonly fields?: readonly WireField[];
}

const FOLDER = new URL('./', import.meta.url);

function vectorsOf(file: string): Vector[] {
  const vectors: Vector[] = [];
  let template: readonly string[] | undefined;
  for (const line of readFileSync(new URL(file, FOLDER), 'utf8').split('\n')) {
    const cells = line.split('\t');
    const [first = '', second = '', third] = cells;
    if (line.trim() === '') template = undefined;
    else if (line.startsWith('#')) continue;
    else if (line.startsWith('@ ')) template = [first.slice(2), second];
    else if (template === undefined) vectors.push({ sql: first, type: second, value: third ?? '' });
    else
      vectors.push({
        sql: (template[0] ?? '').replaceAll('$', () => first),
        type: third ?? template[1] ?? '',
        value: second,
      });
  }
  return vectors;
}

const TYPES: Readonly<Record<string, string>> = { INTEGER: 'INT64', FLOAT: 'FLOAT64', BOOLEAN: 'BOOL' };

function typeText(field: WireField): string {
  const single =
    field.type === 'RECORD'
      ? `STRUCT<${(field.fields ?? []).map((child) => `${child.name} ${typeText(child)}`).join(', ')}>`
      : (TYPES[field.type] ?? field.type);
  return field.mode === 'REPEATED' ? `ARRAY<${single}>` : single;
}

function valueText(value: unknown, field: WireField): string {
  if (value === null) return 'NULL';
  if (field.mode === 'REPEATED') {
    const items = value as readonly { readonly v: unknown }[];
    return `[${items.map(({ v }) => valueText(v, { ...field, mode: 'NULLABLE' })).join(', ')}]`;
  }
  if (field.type === 'RECORD') {
    const cells = (value as { readonly f: readonly { readonly v: unknown }[] }).f;
    return `{${cells.map(({ v }, index) => valueText(v, field.fields?.[index] ?? field)).join(', ')}}`;
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (field.type === 'FLOAT') return floatText(text);
  if (field.type === 'TIMESTAMP') return `${formatDatetime(BigInt(text)).replace('T', ' ')}+00`;
  return text.replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

function floatText(text: string): string {
  const number = Number(text.replace(/^(-?)inf(inity)?$/i, '$1Infinity'));
  return Object.is(number, -0) ? '-0' : String(number);
}

// Numbers may be written `1.0` or `1e3` in a vector.
function normal(value: string, type: string): string {
  if (type !== 'FLOAT64') return value;
  return value
    .split(' ; ')
    .map((item) => (item === 'NULL' ? item : floatText(item)))
    .join(' ; ');
}

const SETUP = [
  'CREATE SCHEMA d',
  `CREATE TABLE d.o (id INT64, ts TIMESTAMP, day DATE, dt DATETIME, n NUMERIC, g BIGNUMERIC, f FLOAT64, s STRING, j JSON,
     y BYTES, tags ARRAY<STRING>, items ARRAY<STRUCT<sku STRING, qty INT64>>, r STRUCT<a INT64, b STRING>)`,
  `INSERT INTO d.o VALUES
     (1, TIMESTAMP '2026-01-02 03:04:05.678901+00', DATE '2026-01-02', DATETIME '2026-01-02 03:04:05', 1.25, 2.5, 0.5, 'x',
      JSON '{"a":{"b":[1,"t"]},"n":null,"u":"v"}', b'abc', ['p', 'q'],
      [STRUCT('k' AS sku, 2 AS qty), STRUCT('l' AS sku, 3 AS qty)], STRUCT(7 AS a, 'z' AS b)),
     (2, TIMESTAMP '2026-02-02 00:00:00+00', DATE '2026-02-02', NULL, 3, 100, 1.5, 'y', NULL, NULL, [], [], NULL)`,
];
const STATEMENT = new RegExp(
  `^(?:(?:SELECT|WITH|FROM|INSERT|UPDATE|DELETE|MERGE|CREATE|ALTER|DROP|TRUNCATE|DECLARE|SET|IF|BEGIN|FOR|WHILE|LOOP|REPEAT|
EXECUTE|ASSERT|RAISE|CALL|EXPORT|GRANT|REVOKE|LOAD|UNDROP|ROLLBACK)(?:\\s|$)|\\(SELECT)`.replaceAll('\n', ''),
  'i',
);

describe('the sweep', () => {
  let emulator: BigqueryEmulator;
  let call: RestCaller;

  beforeAll(async () => {
    emulator = await startBigqueryEmulator({ host: '127.0.0.1', port: 0, log: () => undefined });
    call = restCaller(emulator.port);
    for (const sql of SETUP) expect(await run(sql)).toMatchObject({ status: 200 });
  });
  afterAll(async () => {
    await emulator.stop();
  });

  const run = (query: string): ReturnType<RestCaller> =>
    call('POST', '/queries', { query, useLegacySql: false, formatOptions: { useInt64Timestamp: true } });

  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.tsv')))
    describe(file.replace('.tsv', ''), () => {
      it.each(vectorsOf(file))('$sql', async ({ sql, type, value }) => {
        const { status, body } = await run(STATEMENT.test(sql) ? sql : `SELECT ${sql}`);
        if (type === 'ERROR') {
          const error = body['error'] as { readonly message: string } | undefined;
          expect(error?.message).toContain(value);
          expect(error?.message.toLowerCase()).not.toContain('duckdb');
          expect(status).toBeLessThan(500);
          return;
        }
        const fields = (body['schema'] as { fields?: readonly WireField[] } | undefined)?.fields ?? [];
        const rows = (body['rows'] ?? []) as readonly { readonly f: readonly { readonly v: unknown }[] }[];
        const isNamed = /^[^<]*:/.test(type);
        const types = fields.map((field) => (isNamed ? `${field.name}:` : '') + typeText(field)).join(' | ');
        const values = rows
          .map(({ f }) => f.map(({ v }, index) => valueText(v, fields[index] as WireField)).join(' | '))
          .join(' ; ');
        expect({ error: body['error'], types, values }).toEqual({
          error: undefined,
          types: type,
          values: normal(value, type),
        });
      });
    });
});
