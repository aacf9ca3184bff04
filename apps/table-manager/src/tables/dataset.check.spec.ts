import { describe, expect, it, jest } from '@jest/globals';
import { CloudError } from '@pipeline/google-clients';
import { InMemoryTables } from '@pipeline/testing';
import { DatasetCheck } from './dataset.check.js';

describe('DatasetCheck', () => {
  it('is up with a dataset, and says what to do without one, and is up again', async () => {
    const tables = new InMemoryTables();
    const check = new DatasetCheck(tables, { problem: null });
    tables.failNext(
      'checkDataset',
      new CloudError({ code: 'DATASET_NOT_FOUND', message: 'no dataset: create it' }),
    );

    expect(await check.check()).toEqual({
      kind: 'down',
      code: 'DATASET_NOT_FOUND',
      message: 'setup: no dataset: create it',
    });
    expect(await check.check()).toEqual({ kind: 'up' });
  });

  it('says what an attempt has shown to be missing', async () => {
    const problem = { code: 'PERMISSION_DENIED', remedy: 'grant r on d', detail: 'denied' };

    expect(await new DatasetCheck(new InMemoryTables(), { problem }).check()).toEqual({
      kind: 'degraded',
      code: 'PERMISSION_DENIED',
      message: 'setup: grant r on d',
    });
  });

  it.each<[string, (tables: InMemoryTables) => void, string, number]>([
    [
      'refuses',
      (tables) => {
        tables.failNext('checkDataset', new CloudError({ code: 'UNAVAILABLE', message: 'later' }));
      },
      'transient: later',
      1,
    ],
    [
      'does not answer',
      (tables) => tables.hold('checkDataset'),
      'transient: BigQuery did not answer within 2500 ms',
      2,
    ],
  ])('is only degraded when BigQuery %s after the dataset was seen', async (_name, fail, message, calls) => {
    jest.useFakeTimers();
    const tables = new InMemoryTables();
    const check = new DatasetCheck(tables, { problem: null });
    const before = await check.check();
    jest.advanceTimersByTime(2_000);
    fail(tables);
    const after = [];
    for (let call = 0; call < calls; call++) {
      const outcome = check.check();
      await jest.runAllTimersAsync();
      after.push(await outcome);
    }
    jest.useRealTimers();

    expect([before, after.at(-1)]).toEqual([
      { kind: 'up' },
      { kind: 'degraded', code: 'UNAVAILABLE', message },
    ]);
  });

  it('answers within half a second by the outcome before, while BigQuery takes longer', async () => {
    jest.useFakeTimers();
    const tables = new InMemoryTables();
    const check = new DatasetCheck(tables, { problem: null });
    await check.check();
    jest.advanceTimersByTime(2_000);
    tables.hold('checkDataset');
    const timesMs: number[] = [];
    const outcomes: unknown[] = [];
    for (let calls = 0; calls < 6; calls++) {
      const startedMs = Date.now();
      const outcome = check.check().then((answer) => {
        timesMs.push(Date.now() - startedMs);
        return answer;
      });
      await jest.advanceTimersByTimeAsync(500);
      outcomes.push((await outcome).kind);
    }
    jest.useRealTimers();

    expect(timesMs).toEqual([500, 500, 500, 500, 500, 500]);
    expect(outcomes).toEqual(['up', 'up', 'up', 'up', 'degraded', 'degraded']);
  });

  it('makes one call for many callers, and none for two seconds after a good answer', async () => {
    jest.useFakeTimers();
    const tables = new InMemoryTables();
    let calls = 0;
    const store = {
      checkDataset: () => {
        calls++;
        return tables.checkDataset();
      },
    };
    const check = new DatasetCheck(store, { problem: null });
    tables.failNext('checkDataset', new CloudError({ code: 'UNAVAILABLE', message: 'later' }));

    await Promise.all(Array.from({ length: 100 }, () => check.check()));
    const whileDown = calls;
    await check.check();
    await Promise.all(Array.from({ length: 100 }, () => check.check()));
    const afterGood = calls;
    jest.advanceTimersByTime(2_000);
    await check.check();
    jest.useRealTimers();

    expect([whileDown, afterGood, calls]).toEqual([1, 2, 3]);
  });
});
