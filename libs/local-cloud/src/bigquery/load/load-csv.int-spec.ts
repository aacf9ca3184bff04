import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BigqueryEmulator, startBigqueryEmulator } from '../index.js';
import { type LoadCaller, loadCaller } from '../testing/load-caller.builder.js';
import { type RestCaller, restCaller } from '../testing/rest-caller.builder.js';

const PREFIX = 'Error while reading data, error message:';

describe('load jobs of CSV', () => {
  let emulator: BigqueryEmulator;
  let rest: RestCaller;
  let tables = 0;

  beforeAll(async () => {
    emulator = await startBigqueryEmulator({ host: '127.0.0.1', port: 0, log: () => undefined });
    rest = restCaller(emulator.port);
    await rest('POST', '/datasets', { datasetReference: { datasetId: 'd' } });
  });
  afterAll(async () => {
    await emulator.stop();
  });

  const load: LoadCaller = (table, content, settings) =>
    loadCaller(emulator.port)(table, content, { sourceFormat: 'CSV', ...settings });

  /** The table's columns and rows, a NULL as null. */
  async function contentOf(table: string): Promise<{ columns: string; rows: unknown }> {
    const query = `SELECT TO_JSON_STRING(t) FROM d.${table} AS t ORDER BY 1`;
    const { body } = await rest('POST', '/queries', { query, useLegacySql: false });
    const rows = (body['rows'] ?? []) as { f: { v: string }[] }[];
    const resource = (await rest('GET', `/datasets/d/tables/${table}`)).body;
    const { fields } = resource['schema'] as { fields: { name: string; type: string }[] };
    return {
      columns: fields.map(({ name, type }) => `${name} ${type}`).join(', '),
      rows: rows.map(({ f }) => Object.values(JSON.parse(f[0]?.v ?? '{}') as Record<string, unknown>)),
    };
  }

  const schemaOf = (...columns: readonly string[]): object => ({
    schema: {
      fields: columns.map((column) => {
        const [name, type, mode = 'NULLABLE'] = column.split(' ');
        return { name, type, mode };
      }),
    },
  });
  const nextTable = (): string => `t${(tables += 1)}`;

  it('reads values of every type, and is the default format', async () => {
    const table = nextTable();
    const names = [
      'STRING',
      'INT64',
      'FLOAT64',
      'BOOL',
      'NUMERIC',
      'DATE',
      'TIME',
      'DATETIME',
      'TIMESTAMP',
      'BYTES',
      'JSON',
    ];
    const values = [
      'é',
      '-7',
      '1.5e3',
      'Yes',
      '0.25',
      '2026-01-02',
      '03:04:05',
      '2026-01-02 03:04:05',
      '2026-01-02 03:04:05.5 UTC',
      'YWI=',
      '"{""a"":1}"',
    ];

    const job = await load(table, `${values.join(',')}\n`, {
      sourceFormat: undefined,
      ...schemaOf(...names.map((name, index) => `c${index} ${name}`)),
    });

    expect(job.status.errorResult).toBeUndefined();
    expect((await contentOf(table)).rows).toEqual([
      [
        'é',
        -7,
        1500,
        true,
        '0.25',
        '2026-01-02',
        '03:04:05',
        '2026-01-02T03:04:05',
        '2026-01-02T03:04:05.500Z',
        'YWI=',
        { a: 1 },
      ],
    ]);
  });

  it.each<[string, string, object, unknown[]]>([
    ['skipLeadingRows', 'id,s\n1,a\n', { skipLeadingRows: '1' }, [[1, 'a']]],
    ['fieldDelimiter', '1\ta\n', { fieldDelimiter: '\\t' }, [[1, 'a']]],
    ['fieldDelimiter tab', '1\ta\n', { fieldDelimiter: 'tab' }, [[1, 'a']]],
    ['quote', "1,'a,b'\n", { quote: "'" }, [[1, 'a,b']]],
    [
      'the empty marker: quoted text is empty, unquoted NULL',
      '1,""\n2,\n',
      {},
      [
        [1, ''],
        [2, null],
      ],
    ],
    [
      'nullMarker: text may be empty then',
      '1,\\N\n2,\n',
      { nullMarker: '\\N' },
      [
        [1, null],
        [2, ''],
      ],
    ],
    [
      'nullMarkers',
      '1,NA\n2,-\n',
      { nullMarkers: ['NA', '-'] },
      [
        [1, null],
        [2, null],
      ],
    ],
    [
      'allowJaggedRows',
      '1\n2,b\n',
      { allowJaggedRows: true },
      [
        [1, null],
        [2, 'b'],
      ],
    ],
    ['ignoreUnknownValues', '1,a,x\n', { ignoreUnknownValues: true }, [[1, 'a']]],
    ['allowQuotedNewlines', '1,"a\nb"\n', { allowQuotedNewlines: true }, [[1, 'a\nb']]],
    ['encoding', '1,a\n', { encoding: 'ISO-8859-1' }, [[1, 'a']]],
    ['maxBadRecords', '1,a\nx,b\n', { maxBadRecords: 1 }, [[1, 'a']]],
  ])('honours %s', async (_name, content, settings, rows) => {
    const table = nextTable();
    const job = await load(table, content, { ...schemaOf('id INT64', 's STRING'), ...settings });
    expect(job.status.errorResult).toBeUndefined();
    expect((await contentOf(table)).rows).toEqual(rows);
  });

  it.each([
    [
      'a value of another type',
      '1,a\nx,b\n',
      "Could not parse 'x' as INT64 for field id (position 0) starting at location 4 with message 'Unable to parse'",
    ],
    [
      'a float for an integer',
      '1.0,a\n',
      "Could not parse '1.0' as INT64 for field id (position 0) starting at location 0 with message 'Unable to parse'",
    ],
    [
      'an empty quoted integer',
      '"",a\n',
      "Could not parse '' as INT64 for field id (position 0) starting at location 0 with message 'Unable to parse'",
    ],
    [
      'too many values',
      '1,a,b\n',
      'Too many values in row starting at position: 0. Found 3 column(s) while expected 2.',
    ],
    [
      'too few values',
      '1\n',
      'CSV table references column position 1, but line starting at position:0 contains only 1 columns.',
    ],
    [
      'a missing REQUIRED value',
      ',a\n',
      'Required column value for column index: 0 is missing in row starting at position: 0',
    ],
    ['a quote that does not end', '1,"a\n', 'Missing close quote character (").'],
  ])('counts %s as a bad record, and loads nothing', async (_name, content, message) => {
    const table = nextTable();
    const job = await load(table, content, schemaOf('id INT64 REQUIRED', 's STRING'));
    expect(job.status.errors?.map((error) => error.message)).toEqual([
      expect.stringMatching(
        /^Error while reading data, error message: CSV table encountered too many errors, giving up\./,
      ),
      `${PREFIX} ${message}`,
    ]);
    expect((await rest('GET', `/datasets/d/tables/${table}`)).status).toBe(404);
  });

  it('matches columns of an existing table by position, in the order of the job’s schema', async () => {
    const table = nextTable();
    await load(table, '1,a\n', schemaOf('id INT64', 's STRING'));
    await load(table, gzipSync('2,b\n'), {});
    await load(table, 'c,3\n', schemaOf('s STRING', 'id INT64'));
    expect((await contentOf(table)).rows).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
    ]);
  });

  it.each<[string, string, object, string, unknown[]]>([
    [
      'a header and types',
      'id,when made,ok,f\n1,2026-01-02,true,1\n2,2026-01-02 00:00:00,false,2.5\n',
      {},
      'id INTEGER, when_made TIMESTAMP, ok BOOLEAN, f FLOAT',
      [
        [1, '2026-01-02T00:00:00Z', true, 1],
        [2, '2026-01-02T00:00:00Z', false, 2.5],
      ],
    ],
    [
      'no header where all is text',
      'a,b\nc,d\n',
      {},
      'string_field_0 STRING, string_field_1 STRING',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'no header where the first row has numbers',
      '1|x\n2|y\n',
      {},
      'int64_field_0 INTEGER, string_field_1 STRING',
      [
        [1, 'x'],
        [2, 'y'],
      ],
    ],
    [
      'no header by skipLeadingRows 0',
      'a,1\n',
      { skipLeadingRows: 0 },
      'string_field_0 STRING, int64_field_1 INTEGER',
      [['a', 1]],
    ],
    [
      'a header after skipped rows',
      'note\n\na,a\n1,2\n',
      { skipLeadingRows: 2 },
      'a INTEGER, a_1 INTEGER',
      [[1, 2]],
    ],
  ])('detects %s', async (_name, content, settings, columns, rows) => {
    const table = nextTable();
    const job = await load(table, content, { autodetect: true, ...settings });
    expect(job.status.errorResult).toBeUndefined();
    expect(await contentOf(table)).toEqual({ columns, rows });
  });

  it.each<[object, string]>([
    [{ encoding: 'UTF-16BE' }, 'encoding UTF-16BE'],
    [{ fieldDelimiter: '::' }, 'fieldDelimiter'],
    [{ quote: '""' }, 'quote'],
    [{ skipLeadingRows: -1 }, 'skipLeadingRows'],
    [{ nullMarker: 'a', nullMarkers: ['b'] }, 'nullMarkers'],
    [{ timeZone: 'Asia/Tokyo' }, 'timeZone'],
  ])('refuses %j by name with 400', async (settings, message) => {
    const answer = (await load(nextTable(), '1\n', { ...schemaOf('id INT64'), ...settings })) as unknown as {
      error: { code: number; message: string };
    };
    expect(answer.error.code).toBe(400);
    expect(answer.error.message).toContain(message);
  });

  it('refuses a schema with arrays or records, and a job without a schema', async () => {
    const repeated = await load(nextTable(), '1\n', schemaOf('tags STRING REPEATED'));
    expect(repeated.status.errorResult?.message).toContain(
      'Nested and repeated fields are not supported in CSV',
    );
    const without = await load(nextTable(), '1\n', {});
    expect(without.status.errorResult?.message).toContain('No schema specified on job or table');
  });
});
