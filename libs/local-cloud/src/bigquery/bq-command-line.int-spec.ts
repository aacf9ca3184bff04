import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BigqueryEmulator, startBigqueryEmulator } from './index.js';

const COMMAND = 'bq';
const isInstalled =
  spawnSync(COMMAND, ['--help'], { stdio: 'ignore', timeout: 1 }).error?.message.includes('ENOENT') !== true;
const execute = promisify(execFile);
/** Each command starts a Python program, which takes seconds on a busy machine. */
const TIMEOUT_MS = 300_000;

(isInstalled ? describe : describe.skip)(
  "the embedded BigQuery through Google's bq (skipped where bq is not installed)",
  () => {
    let emulator: BigqueryEmulator;
    let home: string;

    beforeAll(async () => {
      emulator = await startBigqueryEmulator({ host: '127.0.0.1', port: 0, log: () => undefined });
      home = await mkdtemp(join(tmpdir(), 'bq-'));
      await writeFile(join(home, 'token'), 'any text');
    });
    afterAll(async () => {
      await emulator.stop();
      await rm(home, { recursive: true, force: true });
    });

    async function bq(...words: string[]): Promise<string> {
      const common = [
        '--api',
        `http://127.0.0.1:${emulator.port}`,
        '--project_id',
        'local-project',
        '--quiet',
        '--headless',
      ];
      const env = {
        ...process.env,
        HOME: home,
        CLOUDSDK_CONFIG: home,
        CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: join(home, 'token'),
      };
      const { stdout } = await execute(COMMAND, [...common, ...words], { env });
      return stdout;
    }

    it(
      'makes a dataset and a table, inserts rows, queries and shows them',
      async () => {
        const schema = join(home, 'schema.json');
        const rows = join(home, 'rows.json');
        const fields = [
          { name: 'id', type: 'INTEGER' },
          { name: 'tags', type: 'STRING', mode: 'REPEATED' },
        ];
        await writeFile(schema, JSON.stringify(fields));
        await writeFile(rows, '{"id":1,"tags":["a","b"]}\n{"id":2}\n');

        expect(await bq('mk', '--dataset', 'd')).toContain("Dataset 'local-project:d' successfully created.");
        expect(await bq('mk', '--table', '--description', 'x', 'd.t', schema)).toContain(
          'successfully created',
        );
        await bq('insert', 'd.t', rows);
        const found = await bq(
          'query',
          '--use_legacy_sql=false',
          '--format=json',
          '--parameter=id:INT64:1',
          'SELECT * FROM d.t WHERE id = @id',
        );
        const shown = await bq('show', '--format=json', 'd.t');

        expect(JSON.parse(found)).toEqual([{ id: '1', tags: ['a', 'b'] }]);
        expect(JSON.parse(shown)).toMatchObject({ description: 'x', numRows: '2' });
      },
      TIMEOUT_MS,
    );

    it(
      'loads CSV, and reports records that cannot be read',
      async () => {
        const csv = join(home, 'rows.csv');
        await writeFile(csv, 'id;s\n1;"a;b"\nx;c\n');
        const options = ['--source_format=CSV', '--skip_leading_rows=1', '--field_delimiter=;'];
        await bq('mk', '--dataset', 'csv');

        await bq('load', ...options, '--max_bad_records=1', 'csv.t', csv, 'id:INTEGER,s:STRING');
        const found = await bq('query', '--use_legacy_sql=false', '--format=json', 'SELECT * FROM csv.t');

        expect(JSON.parse(found)).toEqual([{ id: '1', s: 'a;b' }]);
        const failure: unknown = await bq('load', ...options, 'csv.u', csv, 'id:INTEGER,s:STRING').catch(
          (error: unknown) => error,
        );
        expect((failure as { stdout: string }).stdout).toContain("Could not parse 'x' as");
      },
      TIMEOUT_MS,
    );
  },
);
