import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BigqueryEmulator, startBigqueryEmulator } from '../index.js';
import { restCaller, type RestCaller } from '../testing/rest-caller.builder.js';

interface WireField {
  readonly name: string;
  readonly type: string;
  readonly mode: string;
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

/** Query, the types of its columns, its rows. */
type Shape = readonly [sql: string, types: string, rows: readonly unknown[]];

const SHAPES: Readonly<Record<string, readonly Shape[]>> = {
  JSON: [
    ["SELECT JSON_VALUE(j, '$.a.b[1]') FROM d.o ORDER BY id", 'STRING', ['t', null]],
    [
      "SELECT JSON_VALUE(j, '$.a'), JSON_VALUE(j, '$.n') FROM d.o WHERE id = 1",
      'STRING STRING',
      [[null, null]],
    ],
    ["SELECT JSON_QUERY(j, '$.a') FROM d.o WHERE id = 1", 'JSON', ['{"b":[1,"t"]}']],
    ["SELECT JSON_QUERY_ARRAY(j, '$.a.b') FROM d.o WHERE id = 1", 'JSON[]', [['1', '"t"']]],
    ['SELECT JSON_VALUE(JSON \'{"a.b": {"c d": 1}}\', "$[\'a.b\'][\'c d\']")', 'STRING', ['1']],
    [
      'SELECT j.u, o.j.a.b[0], j.a["b"] FROM d.o AS o WHERE id = 1',
      'JSON JSON JSON',
      [['"v"', '1', '[1,"t"]']],
    ],
    [
      'SELECT INT64(j.a.b[0]), JSON_TYPE(j), JSON_VALUE(j.u) FROM d.o WHERE id = 1',
      'INTEGER STRING STRING',
      [['1', 'object', 'v']],
    ],
    [
      "SELECT TO_JSON_STRING(PARSE_JSON('{\"b\":1}')), SAFE.PARSE_JSON('{')",
      'STRING JSON',
      [['{"b":1}', null]],
    ],
    [
      "SELECT TO_JSON_STRING(STRUCT(1 AS a, 'x' AS b)), TO_JSON_STRING(ts) FROM d.o WHERE id = 1",
      'STRING STRING',
      [['{"a":1,"b":"x"}', '"2026-01-02T03:04:05.678901Z"']],
    ],
  ],
  arrays: [
    [
      'SELECT o.id, i.sku, i.qty, pos FROM d.o AS o, UNNEST(o.items) AS i WITH OFFSET AS pos ORDER BY pos',
      'INTEGER STRING INTEGER INTEGER',
      [
        ['1', 'k', '2', '0'],
        ['1', 'l', '3', '1'],
      ],
    ],
    [
      'SELECT o.id, i.sku FROM d.o o LEFT JOIN UNNEST(o.items) i ORDER BY 1, 2',
      'INTEGER STRING',
      [
        ['1', 'k'],
        ['1', 'l'],
        ['2', null],
      ],
    ],
    [
      'SELECT id, t FROM d.o o, o.tags t',
      'INTEGER STRING',
      [
        ['1', 'p'],
        ['1', 'q'],
      ],
    ],
    ['SELECT sku FROM d.o, UNNEST(items) ORDER BY sku', 'STRING', ['k', 'l']],
    ['SELECT x FROM UNNEST([3, 1, 2]) AS x ORDER BY x DESC', 'INTEGER', ['3', '2', '1']],
    [
      "SELECT ARRAY_LENGTH(tags), 'p' IN UNNEST(tags), tags[SAFE_OFFSET(0)], ARRAY_TO_STRING(tags, '+') FROM d.o ORDER BY id",
      'INTEGER BOOLEAN STRING STRING',
      [
        ['2', 'true', 'p', 'p+q'],
        ['0', 'false', null, ''],
      ],
    ],
    [
      'SELECT tags[OFFSET(1)], tags[ORDINAL(1)], tags[0] FROM d.o WHERE id = 1',
      'STRING STRING STRING',
      [['q', 'p', 'p']],
    ],
    [
      'SELECT ARRAY(SELECT i.qty * 2 FROM UNNEST(items) AS i) FROM d.o WHERE id = 1',
      'INTEGER[]',
      [['4', '6']],
    ],
    ['SELECT id FROM d.o WHERE EXISTS (SELECT 1 FROM UNNEST(items) WHERE qty > 2)', 'INTEGER', ['1']],
    [
      'SELECT GENERATE_ARRAY(1, 5, 2), ARRAY_CONCAT([1], [2]), ARRAY<STRING>[]',
      'INTEGER[] INTEGER[] STRING[]',
      [[['1', '3', '5'], ['1', '2'], []]],
    ],
    [
      'SELECT ARRAY_AGG(STRUCT(id, s) ORDER BY id) FROM d.o',
      'RECORD[]',
      [
        [
          ['1', 'x'],
          ['2', 'y'],
        ],
      ],
    ],
    ['SELECT ARRAY_AGG(y IGNORE NULLS) FROM d.o', 'BYTES[]', [['YWJj']]],
    [
      'SELECT ARRAY_AGG(s ORDER BY s DESC LIMIT 1), ARRAY_AGG(DISTINCT s ORDER BY s) FROM d.o',
      'STRING[] STRING[]',
      [[['y'], ['x', 'y']]],
    ],
  ],
  'aggregates and windows': [
    [
      'SELECT COUNT(*), COUNT(dt), COUNT(DISTINCT s), COUNTIF(n > 2), SUM(id), AVG(f) FROM d.o',
      'INTEGER INTEGER INTEGER INTEGER INTEGER FLOAT',
      [['2', '1', '2', '1', '3', '1.0']],
    ],
    [
      'SELECT COUNT(*), COUNTIF(n > 2), COUNTIF(DISTINCT n > 2), SUM(id) FROM d.o WHERE FALSE',
      'INTEGER INTEGER INTEGER INTEGER',
      [['0', '0', '0', null]],
    ],
    ['SELECT COUNTIF(TRUE) OVER () FROM d.o', 'INTEGER', ['2', '2']],
    [
      "SELECT APPROX_COUNT_DISTINCT(s), STRING_AGG(s, '|' ORDER BY s DESC), LOGICAL_OR(id = 1), MAX_BY(s, id) FROM d.o",
      'INTEGER STRING BOOLEAN STRING',
      [['2', 'y|x', 'true', 'y']],
    ],
    [
      'SELECT s, COUNT(*) AS c FROM d.o GROUP BY 1 HAVING c > 0 ORDER BY 2 DESC, 1',
      'STRING INTEGER',
      [
        ['x', '1'],
        ['y', '1'],
      ],
    ],
    [
      'SELECT DATE(ts) AS d, SUM(n) FROM d.o GROUP BY d ORDER BY d',
      'DATE NUMERIC',
      [
        ['2026-01-02', '1.25'],
        ['2026-02-02', '3'],
      ],
    ],
    [
      'SELECT id FROM d.o QUALIFY ROW_NUMBER() OVER (PARTITION BY TRUE ORDER BY ts DESC) = 1',
      'INTEGER',
      ['2'],
    ],
    [
      'SELECT LAG(id) OVER (ORDER BY id), SUM(id) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), RANK() OVER w FROM d.o WINDOW w AS (ORDER BY id) ORDER BY id',
      'INTEGER INTEGER INTEGER',
      [
        [null, '1', '1'],
        ['1', '3', '2'],
      ],
    ],
    ['SELECT dt FROM d.o ORDER BY dt', 'DATETIME', [null, '2026-01-02T03:04:05']],
    ['SELECT dt FROM d.o ORDER BY dt DESC', 'DATETIME', ['2026-01-02T03:04:05', null]],
  ],
  'dates and times': [
    [
      "SELECT TIMESTAMP_SUB(TIMESTAMP '2026-01-02', INTERVAL 1 DAY), TIMESTAMP_ADD(TIMESTAMP '2026-01-02', INTERVAL 90 MINUTE)",
      'TIMESTAMP TIMESTAMP',
      [['1767225600000000', '1767317400000000']],
    ],
    [
      "SELECT TIMESTAMP_DIFF(TIMESTAMP '2026-01-02', TIMESTAMP '2026-01-01 12:00:01', HOUR)",
      'INTEGER',
      ['11'],
    ],
    [
      'SELECT TIMESTAMP_TRUNC(ts, DAY), TIMESTAMP_TRUNC(ts, HOUR, "UTC") FROM d.o WHERE id = 1',
      'TIMESTAMP TIMESTAMP',
      [['1767312000000000', '1767322800000000']],
    ],
    [
      "SELECT UNIX_MICROS(ts), UNIX_SECONDS(TIMESTAMP '1969-12-31 23:59:59.5Z'), TIMESTAMP_MICROS(1) FROM d.o WHERE id = 1",
      'INTEGER INTEGER TIMESTAMP',
      [['1767323045678901', '-1', '1']],
    ],
    [
      'SELECT EXTRACT(HOUR FROM ts), EXTRACT(DATE FROM ts), EXTRACT(DAYOFWEEK FROM ts) FROM d.o WHERE id = 1',
      'INTEGER DATE INTEGER',
      [['3', '2026-01-02', '6']],
    ],
    [
      "SELECT FORMAT_TIMESTAMP('%Y-%m-%dT%H:%M:%E6SZ', ts), FORMAT_DATE('%d.%m.%Y', day) FROM d.o WHERE id = 1",
      'STRING STRING',
      [['2026-01-02T03:04:05.678901Z', '02.01.2026']],
    ],
    [
      "SELECT PARSE_TIMESTAMP('%Y-%m-%d %H:%M:%S', '1970-01-01 00:00:01'), PARSE_DATE('%Y%m%d', '20260102'), SAFE.PARSE_TIMESTAMP('%Y', 'x')",
      'TIMESTAMP DATE TIMESTAMP',
      [['1000000', '2026-01-02', null]],
    ],
    [
      "SELECT DATE_DIFF(DATE '2026-02-01', DATE '2026-01-15', MONTH), DATE_ADD(DATE '2026-01-31', INTERVAL 1 MONTH), DATE_TRUNC(DATE '2026-01-02', WEEK)",
      'INTEGER DATE DATE',
      [['1', '2026-02-28', '2025-12-28']],
    ],
    [
      'SELECT TIMESTAMP(day), DATETIME(ts), STRING(ts) FROM d.o WHERE id = 1',
      'TIMESTAMP DATETIME STRING',
      [['1767312000000000', '2026-01-02T03:04:05.678901', '2026-01-02 03:04:05.678901+00']],
    ],
    [
      'SELECT CURRENT_TIMESTAMP() = CURRENT_TIMESTAMP(), CURRENT_DATE() = DATE(CURRENT_TIMESTAMP())',
      'BOOLEAN BOOLEAN',
      [['true', 'true']],
    ],
  ],
  'types and casts': [
    [
      "SELECT SAFE_CAST('x' AS INT64), SAFE_CAST('1' AS NUMERIC), CAST('1e3' AS FLOAT64), SAFE_CAST('2026-13-01' AS DATE), CAST(TRUE AS STRING)",
      'INTEGER NUMERIC FLOAT DATE STRING',
      [[null, '1', '1000.0', null, 'true']],
    ],
    [
      "SELECT CAST(b'abc' AS STRING), CAST('abc' AS BYTES), SAFE_CONVERT_BYTES_TO_STRING(FROM_HEX('c3bc'))",
      'STRING BYTES STRING',
      [['abc', 'YWJj', 'ü']],
    ],
    [
      "SELECT TO_HEX(MD5('a')), TO_BASE64(y), LENGTH(y), BYTE_LENGTH('ü') FROM d.o WHERE id = 1",
      'STRING STRING INTEGER INTEGER',
      [['0cc175b9c0f1b6a831c399e269772661', 'YWJj', '3', '2']],
    ],
    [
      'SELECT g > 3, g = 2.5, g + 1, n + g, -g FROM d.o WHERE id = 1',
      'BOOLEAN BOOLEAN BIGNUMERIC BIGNUMERIC BIGNUMERIC',
      [['false', 'true', '3.5', '3.75', '-2.5']],
    ],
    ['SELECT SUM(g), MAX(g), MIN(g) FROM d.o', 'BIGNUMERIC BIGNUMERIC BIGNUMERIC', [['102.5', '100', '2.5']]],
    [
      'SELECT CAST(g AS STRING), CAST(g AS FLOAT64), CAST(n AS BIGNUMERIC) FROM d.o WHERE g BETWEEN 1 AND 50',
      'STRING FLOAT BIGNUMERIC',
      [['2.5', '2.5', '1.25']],
    ],
    ['SELECT id FROM d.o ORDER BY g DESC', 'INTEGER', ['2', '1']],
    [
      'SELECT id / 2, DIV(id, 2), MOD(id, 2), SAFE_DIVIDE(1, 0), 1.5 FROM d.o WHERE id = 1',
      'FLOAT INTEGER INTEGER FLOAT FLOAT',
      [['0.5', '0', '1', null, '1.5']],
    ],
    [
      'SELECT STRUCT(1 AS a, "x" AS b), STRUCT(1, 2), r.* FROM d.o WHERE id = 1',
      'RECORD RECORD INTEGER STRING',
      [[['1', 'x'], ['1', '2'], '7', 'z']],
    ],
    [
      'SELECT IFNULL(NULL, 1), NULLIF(1, 1), GREATEST(1, NULL), LEAST(2, 1), IF(TRUE, "a", "b"), CASE 2 WHEN 1 THEN "x" ELSE "y" END',
      'INTEGER INTEGER INTEGER INTEGER STRING STRING',
      [['1', null, null, '1', 'a', 'y']],
    ],
    [
      "SELECT 'a\\nb', r'\\d', \"it's\", '''q\"'''",
      'STRING STRING STRING STRING',
      [['a\nb', '\\d', "it's", 'q"']],
    ],
    [
      "SELECT REGEXP_CONTAINS('ab1', r'\\d'), REGEXP_EXTRACT('ab12', r'([0-9]+)'), REGEXP_REPLACE('aab', 'a', 'x'), SPLIT('a,b')[OFFSET(1)], FORMAT('%d-%s', 1, 'x'), STRPOS('abc', 'c')",
      'BOOLEAN STRING STRING STRING STRING INTEGER',
      [['true', '12', 'xxb', 'b', '1-x', '3']],
    ],
  ],
  statements: [
    ['WITH a AS (SELECT j FROM d.o WHERE id = 1) SELECT j.a.b[0] FROM a', 'JSON', ['1']],
    [
      'SELECT e FROM d.o, UNNEST(JSON_QUERY_ARRAY(j.a.b)) AS e ORDER BY TO_JSON_STRING(e) DESC',
      'JSON',
      ['1', '"t"'],
    ],
    [
      'WITH a AS (SELECT g, y FROM d.o) SELECT SUM(g), MAX(LENGTH(y)) FROM a WHERE g > 1',
      'BIGNUMERIC INTEGER',
      [['102.5', '3']],
    ],
    ['SELECT x.g + 1 FROM (SELECT * EXCEPT (id) FROM d.o) AS x ORDER BY x.g', 'BIGNUMERIC', ['3.5', '101']],
    ["SELECT DATE '2026-01-01' + INTERVAL 1 DAY", 'DATETIME', ['2026-01-02T00:00:00']],
    [
      'WITH a AS (SELECT id FROM d.o), b AS (SELECT id + 1 AS id FROM a) SELECT a.id FROM a JOIN b USING (id)',
      'INTEGER',
      ['2'],
    ],
    ['SELECT id FROM d.o UNION ALL SELECT 9 ORDER BY id LIMIT 2 OFFSET 1', 'INTEGER', ['2', '9']],
    [
      `SELECT COUNT(*), SUM(v) FROM (${Array.from({ length: 900 }, (_, n) => `SELECT id + ${n} AS v FROM d.o`).join(' UNION ALL ')})`,
      'INTEGER INTEGER',
      [['1800', '811800']],
    ],
    [
      'SELECT NULL UNION ALL SELECT NULL UNION ALL SELECT 1 UNION ALL SELECT 2.5',
      'FLOAT',
      [null, null, '1.0', '2.5'],
    ],
    ['SELECT id FROM d.o EXCEPT DISTINCT SELECT 1', 'INTEGER', ['2']],
    [
      'SELECT * EXCEPT (ts, day, dt, n, g, f, j, y, tags, items, r) REPLACE (id + 1 AS id) FROM d.o ORDER BY id',
      'INTEGER STRING',
      [
        ['2', 'x'],
        ['3', 'y'],
      ],
    ],
    ['SELECT MAX(id) FROM `local-project.d`.o', 'INTEGER', ['2']],
    ['SELECT o.id FROM `local-project.d.o` AS o WHERE o.id IN (SELECT 1)', 'INTEGER', ['1']],
    [
      'SELECT id FROM `local-project`.d.o AS o WHERE (SELECT COUNT(*) FROM UNNEST(o.tags)) = 0',
      'INTEGER',
      ['2'],
    ],
  ],
};

const REFUSED: readonly (readonly [sql: string, words: string])[] = [
  ["SELECT NET.HOST('http://a')", 'the function NET.HOST'],
  ['SELECT ST_GEOGPOINT(1, 2)', 'ST_GEOGPOINT'],
  ["SELECT JSON_VALUE(j, '$..a') FROM d.o", 'Invalid token in JSONPath'],
  ['SELECT @@script.job_id', '@@script.job_id'],
  ['CREATE MODEL d.m', 'CREATE MODEL'],
  ['SELECT * FROM d.INFORMATION_SCHEMA.ROUTINES', 'INFORMATION_SCHEMA.ROUTINES'],
  ['SELECT id FROM t', 'must be qualified with a dataset'],
  ['SELECT 1 / 0', 'division by zero'],
  ["SELECT CAST('x' AS INT64)", 'Bad int64 value: x'],
  ["SELECT ERROR('boom')", 'boom'],
  ['SELECT 9223372036854775807 + 1', 'overflow'],
  ['SELECT [1, NULL]', 'Array cannot have a null element'],
];

describe('GoogleSQL on the embedded BigQuery', () => {
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

  for (const [topic, shapes] of Object.entries(SHAPES))
    it.each(shapes)(`${topic}: %s`, async (sql, types, rows) => {
      const { body } = await run(sql);
      const fields = ((body['schema'] as { fields?: WireField[] } | undefined)?.fields ??
        []) as readonly WireField[];

      expect(body['error']).toBeUndefined();
      expect(fields.map(({ type, mode }) => (mode === 'REPEATED' ? `${type}[]` : type)).join(' ')).toBe(
        types,
      );
      expect(((body['rows'] ?? []) as unknown[]).map(plain)).toEqual(
        rows.map((row) => (types.includes(' ') ? row : [row])),
      );
    });

  it.each(REFUSED)('refuses %s', async (sql, words) => {
    const reply = await run(sql);

    expect(reply.status).toBe(400);
    expect(JSON.stringify(reply.body)).toContain(words);
  });
});

// {f: [{v}]} and {v} without their wrapping.
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return (value as { v: unknown }[]).map(({ v }) => plain(v));
  if (typeof value === 'object' && value !== null && 'f' in value) return plain(value.f);
  return value;
}
