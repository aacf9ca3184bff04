import { describe, expect, it } from '@jest/globals';
import type { NoticeRun } from '@pipeline/books';
import { CloudError } from '@pipeline/google-clients';
import { OneAtATime } from '../requests/one-at-a-time.js';
import { NoticeTimer } from './notice-timer.js';
import { NoticesService } from './notices.service.js';

const CALL = { now: new Date(0), publishedSince: new Date(0) };
const NOTICE = {
  specversion: '1.0',
  id: 'schema.changed/orders/0123456789abcdef',
  type: 'schema.changed',
  source: '//bigquery.googleapis.com/projects/p/datasets/d',
  subject: 'orders',
  time: '2026-11-30T10:00:00.000Z',
  datacontenttype: 'application/json',
  data: { dataset: 'd', table: 'orders', count: 2, items: [] },
} as const;
const DONE: NoticeRun = { published: [NOTICE], waiting: 0, oldestWaitingAt: null, failure: null };
const DOWN: NoticeRun = {
  published: [],
  waiting: 3,
  oldestWaitingAt: '1970-01-01T00:00:00.000Z',
  failure: new CloudError({ code: 'UNAVAILABLE', message: 'Pub/Sub does not answer' }),
};

function aService(runs: readonly NoticeRun[]): {
  readonly service: NoticesService;
  readonly seen: string[];
  readonly logged: (readonly unknown[])[];
} {
  const seen: string[] = [];
  const logged: (readonly unknown[])[] = [];
  const left = [...runs];
  const service = new NoticesService({
    notifier: { run: () => Promise.resolve(left.shift() ?? DONE) },
    slot: new OneAtATime('NOTICES_RUNNING', 'A run is in progress'),
    pending: { refresh: () => seen.push('list read again') },
    metrics: {
      published: ({ type }) => seen.push(`metric ${type}`),
      ended: ({ waiting }) => seen.push(`metric waiting ${waiting}`),
    },
    logger: {
      info: (...words: readonly unknown[]) => seen.push(`info ${String(words.at(-1))}`),
      warn: (...words: readonly unknown[]) => {
        logged.push(words);
        seen.push(`warn ${String(words.at(-1))}`);
      },
    },
  });
  return { service, seen, logged };
}

describe('NoticesService', () => {
  it('answers with the notices that were published', async () => {
    const { service, seen } = aService([DONE]);

    expect(await service.run(CALL)).toEqual({
      published: [{ id: NOTICE.id, type: 'schema.changed', table: 'orders', count: 2 }],
      waiting: 0,
    });
    expect(seen).toEqual(['metric schema.changed', 'info notice published', 'metric waiting 0']);
  });

  it('has the list of what waits read again when an approval is news', async () => {
    const { service, seen } = aService([{ ...DONE, published: [{ ...NOTICE, type: 'approval.pending' }] }]);
    await service.run(CALL);

    expect(seen).toContain('list read again');
  });

  it('answers 503 with the number of notices that wait, and logs a failure once until it is over', async () => {
    const { service, seen } = aService([DOWN, DOWN, { ...DONE, published: [] }]);

    await expect(service.run(CALL)).rejects.toMatchObject({
      status: 503,
      body: {
        error: { code: 'UNAVAILABLE', details: { disposition: 'transient', published: 0, waiting: 3 } },
      },
    });
    await expect(service.run(CALL)).rejects.toMatchObject({ status: 503 });
    await service.run(CALL);
    expect(seen.filter((line) => !line.startsWith('metric') && line !== 'warn notices wait')).toEqual([
      'warn notices are delayed',
      'info notices are published again',
    ]);
  });

  it('logs the age of the oldest notice that waits in each run that leaves one behind', async () => {
    const waits = { ...DOWN, oldestWaitingAt: '1969-12-31T23:00:00.000Z' };
    const { service, logged } = aService([waits, waits, DONE]);
    for (let run = 0; run < 3; run++) await service.run(CALL).catch(() => undefined);

    expect(logged.filter(([, message]) => message === 'notices wait')).toEqual([
      [{ waiting: 3, oldest_seconds: 3_600 }, 'notices wait'],
      [{ waiting: 3, oldest_seconds: 3_600 }, 'notices wait'],
    ]);
  });

  it('refuses a second run beside the first', async () => {
    const { service } = aService([DONE]);
    const first = service.run(CALL);

    await expect(service.run(CALL)).rejects.toMatchObject({
      status: 429,
      body: { error: { code: 'NOTICES_RUNNING' } },
    });
    await first;
  });
});

describe('NoticeTimer', () => {
  it('runs again after a failure, and closes the publisher after the last run', async () => {
    const seen: string[] = [];
    let ran = (): void => undefined;
    const third = new Promise<void>((resolve) => (ran = resolve));
    const timer = new NoticeTimer({
      intervalMs: 1,
      service: {
        run: () => {
          seen.push('run');
          if (seen.length === 3) ran();
          return Promise.reject(new Error('down'));
        },
      },
      publisher: {
        close: () => {
          seen.push('close');
          return Promise.resolve();
        },
      },
    });
    timer.onApplicationBootstrap();
    await third;
    await timer.onApplicationShutdown();

    expect(seen.at(-1)).toBe('close');
    expect(new Set(seen.slice(0, -1))).toEqual(new Set(['run']));
  });

  it('never runs without an interval', async () => {
    const seen: string[] = [];
    const timer = new NoticeTimer({
      intervalMs: 0,
      service: { run: () => Promise.reject(new Error('not asked for')) },
      publisher: {
        close: () => {
          seen.push('close');
          return Promise.resolve();
        },
      },
    });
    timer.onApplicationBootstrap();
    await timer.onApplicationShutdown();

    expect(seen).toEqual(['close']);
  });
});
