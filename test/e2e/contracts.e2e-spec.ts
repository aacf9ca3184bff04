import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runPipeline, type CommandResult } from './command-line.js';
import { eventually } from './eventually.js';
import { Pipeline } from './pipeline.js';

const LIMIT_MS = 300_000;

let pipeline: Pipeline;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'contracts-'));
  pipeline = await Pipeline.start();
  await pipeline.startTableManager();
}, LIMIT_MS);

afterAll(async () => {
  await pipeline.stop();
  rmSync(folder, { recursive: true, force: true });
});

function contracts(...words: readonly string[]): Promise<CommandResult> {
  return runPipeline(pipeline.cloud, 'contracts', ...words, '--dir', folder);
}

/** Publishes an event and waits for its row. */
async function store(event: Readonly<Record<string, unknown>>, table: string): Promise<void> {
  const id = await pipeline.publish(event);
  await eventually(() => pipeline.row(table, id), LIMIT_MS);
}

describe('contracts', () => {
  it(
    'are written from the tables, checked, compared, and updated without losing a comment',
    async () => {
      await store({ event_type: 'shipment', weight: 1, items: [{ sku: 'a' }] }, 'shipment');
      const file = join(folder, 'shipment.odcs.yaml');

      expect((await contracts('init')).exitCode).toBe(0);
      expect(await contracts('lint')).toMatchObject({ exitCode: 0, stdout: '2 files: no mistakes.\n' });
      expect(await contracts('diff')).toMatchObject({
        exitCode: 0,
        stdout: `shipment: the table is as ${file} describes it.\n`,
      });

      writeFileSync(
        file,
        `${readFileSync(file, 'utf8').replace('physicalType: INT64', 'physicalType: NUMERIC')}# finance\n`,
      );
      await store({ event_type: 'shipment', note: 'x' }, 'shipment');
      const differing = await contracts('diff');
      expect([differing.exitCode, differing.stdout.split('\n')]).toEqual([
        1,
        [
          `shipment: 2 differences from ${file}`,
          expect.stringMatching(
            /^ {2}~ weight: INT64 in the table, NUMERIC in the contract, line \d+; comes by itself$/,
          ),
          '  - note STRING: only in the table; pipeline contracts init --update writes it down',
          '',
        ],
      ]);

      expect((await contracts('init', 'shipment')).stdout).toContain('exists and was kept');
      expect((await contracts('init', 'shipment', '--update')).stdout).toBe(`${file}: columns added\n`);
      expect(readFileSync(file, 'utf8')).toMatch(/- name: note\n(.*\n)*# finance\n$/);
      expect((await contracts('diff')).stdout).not.toContain('note');
    },
    LIMIT_MS,
  );

  it('with a mistake are refused with file, line and remedy', async () => {
    const file = join(folder, 'wrong.odcs.yaml');
    writeFileSync(file, 'apiVersion: v3.1.0\nkind: DataContract\nid: x\nversion: 1\nstatus: active\n');

    const linted = await contracts('lint', file);
    const compared = await contracts('diff', file);
    rmSync(file);

    const problem = `${file}:4: version: version is not text. Write the version of the contract in quotes: version: "1.0.0".`;
    expect([linted.exitCode, linted.stdout.trim()]).toEqual([1, problem]);
    expect([compared.exitCode, compared.stderr.trim()]).toEqual([2, problem]);
    expect(
      (await runPipeline(pipeline.cloud, 'contracts', 'lint', '--dir', join(folder, 'none'))).exitCode,
    ).toBe(2);
  });
});
