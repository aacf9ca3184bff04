import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type RestCaller, restCaller } from './testing/rest-caller.builder.js';

const ENTRY = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const QUERY_MEMORY_MIB = 1_024;
/** Memory of the process, Node.js and results included. */
const MAX_PROCESS_MIB = QUERY_MEMORY_MIB + 3_072;
const PORTS = [
  '--pubsub-port',
  '--bigquery-port',
  '--bigquery-storage-port',
  '--storage-port',
  '--eventarc-port',
];
const MILLIARD = 'UNNEST(GENERATE_ARRAY(1, 100000)) AS a, UNNEST(GENERATE_ARRAY(1, 10000)) AS b';

/** The most memory that the process has had, in MiB; null where the kernel does not say. */
function peakMib({ pid }: ChildProcess): number | null {
  const file = `/proc/${pid ?? 0}/status`;
  if (!existsSync(file)) return null;
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(file, 'utf8'))?.[1]) / 1_024;
}

describe('memory of the embedded BigQuery', () => {
  let child: ChildProcess;
  let call: RestCaller;

  beforeAll(async () => {
    const options = ['--query-memory', String(QUERY_MEMORY_MIB), ...PORTS.flatMap((port) => [port, '0'])];
    child = spawn(process.execPath, [ENTRY, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout?.on('data', (piece: Buffer) => (text += piece.toString()));
    while (!text.includes('ready')) await once(child.stdout as NodeJS.ReadableStream, 'data');
    call = restCaller(Number(/BIGQUERY_EMULATOR_HOST=\S+:(\d+)/.exec(text)?.[1]));
  });
  afterAll(async () => {
    child.kill();
    await once(child, 'exit');
  });

  const query = (sql: string): ReturnType<RestCaller> =>
    call('POST', '/queries', { query: sql, useLegacySql: false, timeoutMs: 120_000 });

  /** Runs a job, and another query again and again until it ends. */
  async function besideOthers(
    sql: string,
    mayTimeOut: boolean,
  ): Promise<{ reason: unknown; others: readonly number[] }> {
    const started = await call('POST', '/jobs', {
      configuration: {
        query: { query: sql, useLegacySql: false },
        jobTimeoutMs: mayTimeOut ? '5000' : '60000',
      },
    });
    const { jobId } = (started.body as { jobReference: { jobId: string } }).jobReference;
    const others: number[] = [];
    for (;;) {
      others.push((await query('SELECT 1')).status);
      const { status } = (await call('GET', `/jobs/${jobId}`)).body as {
        status: { state: string; errorResult?: { reason: string } };
      };
      if (status.state === 'DONE') return { reason: status.errorResult?.reason, others };
    }
  }

  it.each([
    ['an array of 10^9 elements', 'SELECT GENERATE_ARRAY(1, 1000000000)', /resourcesExceeded/],
    [
      'rows of such an array',
      'SELECT COUNT(*) FROM UNNEST(GENERATE_ARRAY(1, 1000000000))',
      /resourcesExceeded/,
    ],
    [
      'an array of 3,000,000 elements in each row',
      'SELECT GENERATE_ARRAY(1, x * 0 + 3000000) FROM UNNEST(GENERATE_ARRAY(1, 2000)) AS x',
      /resourcesExceeded/,
    ],
    [
      'a timestamp for each microsecond',
      "SELECT GENERATE_TIMESTAMP_ARRAY('2001-01-01', '2999-12-31', INTERVAL 1 MICROSECOND)",
      /resourcesExceeded/,
    ],
    ['decimals up to 10^9', 'SELECT GENERATE_ARRAY(NUMERIC "0.5", 1000000000)', /resourcesExceeded/],
    ['a result of 10^9 rows', `SELECT a, REPEAT('x', 10000) FROM ${MILLIARD}`, /responseTooLarge/],
    [
      '10^9 groups',
      `SELECT a * 100000 + b AS k, COUNT(*) FROM ${MILLIARD} GROUP BY k`,
      /resourcesExceeded|timeout/,
    ],
    [
      'ARRAY_AGG of 10^9 values',
      `SELECT ARRAY_LENGTH(ARRAY_AGG(a + b)) FROM ${MILLIARD}`,
      /resourcesExceeded|timeout/,
    ],
    [
      'STRING_AGG of 10^9 values',
      `SELECT LENGTH(STRING_AGG(CAST(a + b AS STRING))) FROM ${MILLIARD}`,
      /resourcesExceeded|timeout/,
    ],
    ['REPEAT to 2 GB', "SELECT REPEAT('a', 2000000000)", /invalidQuery/],
    ['RPAD to 2 GB', "SELECT RPAD('a', 2000000000)", /invalidQuery/],
    ['REPEAT of bytes to 2 GB', "SELECT REPEAT(b'a', 2000000000)", /invalidQuery/],
    [
      'REPLACE to 1 TB',
      "SELECT LENGTH(REPLACE(REPEAT('a', 1000000), 'a', REPEAT('b', 1000000)))",
      /resourcesExceeded/,
    ],
    [
      'REGEXP_REPLACE to 1 TB',
      "SELECT LENGTH(REGEXP_REPLACE(REPEAT('a', 1000000), 'a', REPEAT('b', 1000000)))",
      /resourcesExceeded/,
    ],
    [
      'megabytes in each of 10,000 rows',
      "SELECT REPEAT('a', x * 0 + 1000000) FROM UNNEST(GENERATE_ARRAY(1, 10000)) AS x",
      /resourcesExceeded|responseTooLarge/,
    ],
  ])(
    'ends a query that makes %s, and answers others meanwhile',
    async (_name, sql, reason) => {
      const ended = await besideOthers(sql, reason.source.includes('timeout'));

      expect(ended).toEqual({ reason: expect.stringMatching(reason), others: ended.others.map(() => 200) });
      expect(peakMib(child) ?? 0).toBeLessThan(MAX_PROCESS_MIB);
    },
    120_000,
  );

  it('goes on to answer queries of ordinary size, in pages of at most 10 MB', async () => {
    const rows = await query(`SELECT REPEAT('a', 1000) AS t FROM UNNEST(GENERATE_ARRAY(1, 20000))`);
    const {
      rows: page = [],
      totalRows,
      pageToken,
    } = rows.body as {
      rows?: unknown[];
      totalRows: string;
      pageToken?: string;
    };

    expect([totalRows, page.length > 5_000 && page.length < 10_000, pageToken]).toEqual([
      '20000',
      true,
      String(page.length),
    ]);
    expect(child.exitCode).toBeNull();
  }, 60_000);
});
