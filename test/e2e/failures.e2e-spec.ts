import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { provisionDataset, DEFAULT_PIPELINE_NAMES } from '@pipeline/local-cloud';
import { Balancer } from '../harness/balancer.js';
import { freePorts } from '../harness/ports.js';
import { eventually } from './eventually.js';
import { Pipeline } from './pipeline.js';
import type { Service } from './service.js';

describe('the pipeline', () => {
  let pipeline: Pipeline;

  afterEach(() => pipeline.stop());

  describe('with table-manager killed in mid-stream', () => {
    beforeEach(async () => {
      pipeline = await Pipeline.start();
    });

    it('turns every event into a row once table-manager is back', async () => {
      const tableManager = await pipeline.startTableManager();
      const before = await publishMany(pipeline, 'signup', 200);
      const during = publishMany(pipeline, 'signup', 200);
      await eventually(async () => {
        expect((await pipeline.messageIds('signup')).size).toBeGreaterThan(0);
      });

      await tableManager.kill('SIGKILL');
      const after = await publishMany(pipeline, 'signup', 100);
      await pipeline.startTableManager();

      const published = new Set([...before, ...(await during), ...after]);
      await eventually(async () => {
        expect(await pipeline.messageIds('signup')).toEqual(published);
      }, 300_000);
    }, 300_000);
  });

  describe('with two table-managers', () => {
    let balancer: Balancer;

    beforeEach(async () => {
      pipeline = await Pipeline.start({ provision: false });
      const ports = await freePorts(2);
      balancer = await Balancer.start(ports);
      await pipeline.provision(balancer.url);
      await Promise.all(ports.map((port) => pipeline.startTableManager(port)));
    }, 300_000);

    afterEach(() => balancer.stop());

    it('creates one table for a new type that both see at once, and loses no row', async () => {
      const published = new Set(await publishMany(pipeline, 'refund', 200));

      await eventually(async () => {
        expect(await pipeline.messageIds('refund')).toEqual(published);
      }, 300_000);
      expect(balancer.requestCounts.every((count) => count > 0)).toBe(true);
      const tables = await pipeline.query<{ n: number }>(
        "SELECT COUNT(*) AS n FROM `prod_events_dataset`.INFORMATION_SCHEMA.TABLES WHERE table_name = 'refund'",
      );
      expect(tables).toEqual([{ n: 1 }]);
    }, 300_000);
  });

  describe('without its dataset', () => {
    beforeEach(async () => {
      pipeline = await Pipeline.start();
      await pipeline.bigquery.dataset(DEFAULT_PIPELINE_NAMES.dataset).delete({ force: true });
    });

    it('says in readiness what to create, holds the event, and recovers when the dataset appears', async () => {
      const tableManager = await pipeline.startTableManager();
      const messageId = await pipeline.publish({ event_type: 'order', order_id: 'order-1' });

      const unready = await readiness(tableManager);
      expect(unready.status).toBe(503);
      expect(unready.body).toContain('setup');
      expect(unready.body).toContain(DEFAULT_PIPELINE_NAMES.dataset);

      await provisionDataset(DEFAULT_PIPELINE_NAMES, pipeline.cloud.urls.bigquery);

      await eventually(async () => {
        expect((await readiness(tableManager)).status).toBe(200);
      });
      expect(await eventually(() => pipeline.row('orders', messageId), 60_000)).toMatchObject({
        order_id: 'order-1',
      });
    }, 300_000);
  });
});

async function publishMany(pipeline: Pipeline, type: string, count: number): Promise<string[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) =>
      pipeline.publish({ event_type: type, index, [`field_${index % 5}`]: index }),
    ),
  );
}

async function readiness(service: Service): Promise<{ status: number; body: string }> {
  const response = await fetch(`${service.url}/readiness`);
  return { status: response.status, body: await response.text() };
}
