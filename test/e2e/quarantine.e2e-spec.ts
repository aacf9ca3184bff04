import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_PIPELINE_NAMES } from '@pipeline/local-cloud';
import { runPipeline } from './command-line.js';
import { eventually } from './eventually.js';
import { Pipeline } from './pipeline.js';

const { dataset, projectId } = DEFAULT_PIPELINE_NAMES;
const LIMIT_MS = 300_000;

describe('the way back of a quarantined message', () => {
  let pipeline: Pipeline;

  beforeAll(async () => {
    pipeline = await Pipeline.start();
  }, LIMIT_MS);

  afterAll(() => pipeline.stop());

  /** The totals of the last hour, and the exit code of the audit. */
  async function books(): Promise<Record<string, unknown>> {
    const { exitCode, stdout } = await runPipeline(pipeline.cloud, 'audit', '--since', '1h', '--json');
    const { totals } = JSON.parse(stdout) as { totals: Record<string, unknown> };
    const { received, rows, deadLetters, quarantined, unaccounted, duplicates } = totals;
    return { exitCode, received, rows, deadLetters, quarantined, unaccounted, duplicates };
  }

  async function removeLabel(): Promise<void> {
    const url = `${pipeline.cloud.urls.bigquery}/bigquery/v2/projects/${projectId}/datasets/${dataset}/tables/_quarantine`;
    const response = await fetch(url, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ labels: { pipeline_table_guard: null } }),
    });
    expect(response.status).toBe(200);
  }

  it(
    'is a replay once the limit was raised and the label removed, and the books balance all along',
    async () => {
      const guarded = await pipeline.startTableManager(undefined, { MAX_NEW_TABLES_PER_HOUR: '1' });
      await pipeline.publish({ event_type: 'known', n: 1 });
      await eventually(() => pipeline.messageIds('known'));
      const big = 'x'.repeat(9_100_000);
      const wanted = [
        await pipeline.publish({ event_type: 'wanted', n: 1 }, { source: 'shop' }),
        await pipeline.publish({ event_type: 'wanted', n: 2, big }),
      ];
      const other = await pipeline.publish({ event_type: 'other', n: 3 });
      const before = { exitCode: 0, received: 4, deadLetters: 0, unaccounted: 0, duplicates: 0 };
      await eventually(async () => {
        expect(await books()).toEqual({ ...before, rows: 1, quarantined: 3 });
      });

      await guarded.kill('SIGTERM');
      await removeLabel();
      await pipeline.startTableManager();
      const select = ['replay', '--quarantined', '--event-type', 'wanted', '--json'] as const;
      const dryRun = await runPipeline(pipeline.cloud, ...select, '--dry-run');
      expect(JSON.parse(dryRun.stdout)).toMatchObject({ wouldPublish: 2, published: 0 });
      expect(await books()).toEqual({ ...before, rows: 1, quarantined: 3 });
      const replayed = await runPipeline(pipeline.cloud, ...select);
      expect(JSON.parse(replayed.stdout)).toMatchObject({ published: 2 });

      await eventually(async () => {
        expect(await books()).toEqual({ ...before, rows: 3, quarantined: 1 });
      });
      expect(await pipeline.messageIds('wanted')).toEqual(new Set(wanted));
      const [first = ''] = wanted;
      const { n, _attributes } = await pipeline.row('wanted', first);
      expect(n).toBe(1);
      expect(JSON.parse(String(_attributes))).toMatchObject({ source: 'shop', pipeline_replay_of: first });
      const again = await runPipeline(pipeline.cloud, ...select);
      expect(JSON.parse(again.stdout)).toMatchObject({ published: 0 });
      const rest = await runPipeline(pipeline.cloud, 'replay', '--quarantined', '--json');
      expect(JSON.parse(rest.stdout)).toMatchObject({ published: 1 });
      await eventually(async () => {
        expect(await pipeline.messageIds('other')).toEqual(new Set([other]));
        expect(await books()).toEqual({ ...before, rows: 4, quarantined: 0 });
      });
    },
    LIMIT_MS,
  );

  it(
    'refuses options that belong to dead letters',
    async () => {
      const { exitCode, stderr } = await runPipeline(pipeline.cloud, 'replay', '--quarantined', '--changed');

      expect(exitCode).toBe(2);
      expect(stderr).toContain('--quarantined goes with none of');
    },
    LIMIT_MS,
  );
});
