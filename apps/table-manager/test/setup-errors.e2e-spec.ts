import { afterEach, describe, expect, it } from '@jest/globals';
import { Harness, push } from './harness.js';

let harness: Harness;

afterEach(async () => {
  await harness.stop();
});

describe('a missing dataset', () => {
  it('shows in readiness with what to do, holds events, and is over as soon as the dataset is there', async () => {
    harness = await Harness.start({ dataset: false });
    const url = await harness.startInstance();
    const event = '{"event_type":"early"}';

    const before = await fetch(`${url}/readiness`);
    expect(before.status).toBe(503);
    expect(await before.json()).toMatchObject({
      error: {
        dataset: {
          status: 'down',
          code: 'DATASET_NOT_FOUND',
          message:
            'setup: dataset prod_events_dataset does not exist in project local-project: ' +
            'create it with bq mk --dataset local-project:prod_events_dataset',
        },
      },
    });
    expect(await push(url, '1', event)).toMatchObject({
      status: 503,
      body: { error: { code: 'DATASET_NOT_FOUND', details: { disposition: 'setup', table: 'early' } } },
    });
    expect((await fetch(`${url}/liveness`)).status).toBe(200);

    await harness.createDataset();

    expect((await fetch(`${url}/readiness`)).status).toBe(200);
    expect((await push(url, '1', event)).status).toBe(204);
    expect(await harness.rows('early')).toMatchObject([{ _message_id: '1' }]);
  });
});

describe('a missing dead-letter topic', () => {
  it('holds what is rejected, shows in readiness what to do, and lets good events through', async () => {
    harness = await Harness.start();
    const url = await harness.startInstance({ DEAD_LETTER_TOPIC: 'no-such-topic' });

    expect(await push(url, '1', 'hello')).toMatchObject({
      status: 503,
      body: { error: { code: 'DEAD_LETTER_FAILED', details: { disposition: 'setup' } } },
    });
    expect(await (await fetch(`${url}/readiness`)).json()).toMatchObject({
      details: {
        'dead-letters': {
          code: 'DEAD_LETTER_FAILED',
          message:
            'setup: topic no-such-topic does not exist in project local-project: ' +
            'create it with gcloud pubsub topics create no-such-topic --project local-project',
        },
      },
    });
    expect((await push(url, '2', '{"event_type":"good"}')).status).toBe(204);
  });
});

describe('a writer that learns columns late', () => {
  it('is tried again until it knows them; no row is lost and none overflows', async () => {
    harness = await Harness.start({ metadataLagMs: 1_500 });
    const url = await harness.startInstance();

    const ids = [
      await harness.deliver(url, { event_type: 'lagging', a: 1 }),
      ...(await Promise.all([1, 2, 3].map((b) => harness.deliver(url, { event_type: 'lagging', b })))),
    ];
    const rows = await harness.rows('lagging');

    expect(rows.map((row) => row['_message_id'])).toEqual(ids);
    expect(rows.map((row) => row['_overflow'])).toEqual([null, null, null, null]);
    expect(rows.map((row) => row['b'])).toEqual([null, 1, 2, 3]);
  });

  it('is answered 503 at the deadline, with the reason', async () => {
    harness = await Harness.start({ metadataLagMs: 60_000 });
    const url = await harness.startInstance({ EVENT_DEADLINE_MS: '1000', SCHEMA_GRACE_MS: '500' });

    expect(await push(url, '1', '{"event_type":"lagging"}')).toMatchObject({
      status: 503,
      body: { error: { code: expect.stringMatching(/NOT_YET|NOT_IN_TIME/) } },
    });
  });
});
