import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_PIPELINE_NAMES, provisionPipeline } from '@pipeline/local-cloud';
import { runPipeline, type CommandResult } from './command-line.js';
import { buildDataflowJob, startDataflowJob, type RunningJob } from './dataflow-job.js';
import { eventually } from './eventually.js';
import { Pipeline } from './pipeline.js';

const LIMIT_MS = 900_000;

/** Needs a JDK 17 and Maven, and minutes where the job is not built yet: only with E2E_DATAFLOW set. */
const withJava = process.env['E2E_DATAFLOW'] === undefined ? describe.skip : describe;

withJava('contracts in dataflow mode', () => {
  let pipeline: Pipeline;
  let job: RunningJob;
  let folder: string;

  beforeAll(async () => {
    await buildDataflowJob();
    folder = mkdtempSync(join(tmpdir(), 'contracts-'));
    pipeline = await Pipeline.start({ provision: false });
    const { pubsub, bigquery, eventarc, storage } = pipeline.cloud.urls;
    await provisionPipeline(DEFAULT_PIPELINE_NAMES, {
      pubsubUrl: pubsub,
      bigqueryUrl: bigquery,
      eventarcUrl: eventarc,
      storageUrl: storage,
      eventsUrl: `http://127.0.0.1:${pipeline.tableManagerPort}/`,
      deliveryMode: 'dataflow',
    });
    await pipeline.redeliverAfter(200, 2_000);
    await pipeline.startTableManager(pipeline.tableManagerPort, { DELIVERY_MODE: 'dataflow' });
    job = await startDataflowJob(pipeline.cloud);
  }, LIMIT_MS);

  afterAll(async () => {
    await job.stop();
    await pipeline.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const command = (...words: readonly string[]): Promise<CommandResult> =>
    runPipeline(pipeline.cloud, ...words);

  it(
    'hold back a field and an event type, until a person approves each',
    async () => {
      await pipeline.publish({ event_type: 'parcel', n: 0 });
      await eventually(async () => {
        expect(await pipeline.messageIds('parcel')).toHaveProperty('size', 1);
      }, LIMIT_MS);
      expect((await command('contracts', 'init', '--dir', folder)).exitCode).toBe(0);
      for (const file of ['parcel.odcs.yaml', 'dataset.odcs.yaml']) {
        const text = readFileSync(join(folder, file), 'utf8');
        writeFileSync(join(folder, file), text.replace('value: evolve', 'value: approve'));
      }
      expect((await command('contracts', 'apply', '--dir', folder)).exitCode).toBe(0);

      // Both services read the verb of a table within a minute: fields that come until then evolve.
      let asked = 0;
      await eventually(async () => {
        await pipeline.publish({ event_type: 'parcel', n: ++asked, [`field${asked}`]: 1 });
        const { stdout } = await command('contracts', 'pending', 'parcel', '--json');
        expect((JSON.parse(stdout) as { total: number }).total).toBeGreaterThan(0);
      }, LIMIT_MS);
      await pipeline.publish({ event_type: 'parcel', n: 1_000, discount: 2.5 });
      // Until the verb for types is read, too, a new type gets its table: any attempt may be the one that is held back.
      const attempts = new Map<string, string>();
      let [type, held] = ['', ''];
      await eventually(async () => {
        const attempt = `invoice_${++asked}`;
        attempts.set(attempt, await pipeline.publish({ event_type: attempt, total: 3 }));
        const { stdout } = await command('contracts', 'pending', '--json');
        const { approvals } = JSON.parse(stdout) as {
          approvals: readonly { path: string; table: string }[];
        };
        expect(approvals.map(({ path }) => path)).toContain('/discount');
        const found = [...attempts].find(([name]) => approvals.some(({ table }) => table === name));
        expect(found).toBeDefined();
        [type, held] = found ?? ['', ''];
      }, LIMIT_MS);

      const approved = await command('approve', 'parcel', '/discount');
      expect([approved.exitCode, approved.stdout]).toEqual([
        0,
        expect.stringMatching(/^Approved: discount NUMERIC\. .* No value is left in _overflow\.\n$/),
      ]);
      await eventually(async () => {
        const [row] = await pipeline.query(
          'SELECT CAST(discount AS STRING) AS discount, _overflow IS NULL AS is_whole FROM prod_events_dataset.parcel WHERE n = 1000',
        );
        expect(row).toEqual({ discount: '2.5', is_whole: true });
      }, LIMIT_MS);
      const released = await command('approve', type);
      expect([released.exitCode, released.stdout]).toEqual([0, expect.stringContaining('none is left')]);
      expect(await pipeline.messageIds(type)).toEqual(new Set([held]));
      expect(job.isAlive()).toBe(true);
    },
    LIMIT_MS,
  );
});
