import { describe, expect, it } from '@jest/globals';
import type { PromotedDay, PromotionRequest, PromotionRun } from '@pipeline/bigquery-tables';
import { CloudError } from '@pipeline/google-clients';
import { PromotionTimer } from './promotion-timer.js';
import { PromotionsService } from './promotions.service.js';

const CALL = { scope: 'waiting', publishedSince: new Date(0), dryRun: false } as const;

const day = (fields: Partial<PromotedDay>): PromotedDay => ({
  table: 'orders',
  day: '2026-11-29',
  outcome: 'promoted',
  rowsRead: 1,
  rowsChanged: 1,
  valuesMoved: 1,
  valuesOverflowed: 0,
  bytesProcessed: 0,
  detail: null,
  startedAtMs: 0,
  durationMs: 1,
  ...fields,
});

function aService(run: (request: PromotionRequest) => Promise<PromotionRun>): {
  readonly service: PromotionsService;
  readonly seen: string[];
} {
  const seen: string[] = [];
  const note =
    (what: string) =>
    (_fields: unknown, text: unknown): void => {
      seen.push(`${what} ${String(text)}`);
    };
  const service = new PromotionsService({
    promoter: { run },
    logger: { info: note('info'), warn: note('warn') },
    metrics: { promoted: ({ outcome }) => seen.push(`metric ${outcome}`) },
    setup: {
      failed: (part, { code }) => seen.push(`failed ${part} ${code}`),
      worked: (part) => seen.push(`worked ${part}`),
    },
    refresh: (table) => {
      seen.push(`refresh ${table}`);
      return Promise.reject(new Error('unavailable'));
    },
  });
  return { service, seen };
}

const empty: PromotionRun = { runId: 'r', days: [], retypes: [], isComplete: true };

describe('PromotionsService', () => {
  it('shows every outcome in log and metrics, and that the setup works', async () => {
    const days = [day({}), day({ outcome: 'unchanged' }), day({ outcome: 'failed', detail: 'x' })];
    const { service, seen } = aService(() => Promise.resolve({ ...empty, days }));

    expect(await service.run(CALL)).toEqual({ ...empty, days });
    expect(seen).toEqual([
      'worked promotion',
      'metric promoted',
      'info values moved to their columns',
      'metric unchanged',
      'metric failed',
      'warn promotion failed',
      'refresh orders',
    ]);
  });

  it('answers 503 with the disposition for a setup problem, and reports it to readiness', async () => {
    const refusal = new CloudError({ code: 'PERMISSION_DENIED', message: 'Access Denied' });
    const { service, seen } = aService(() => Promise.reject(refusal));

    await expect(service.run(CALL)).rejects.toMatchObject({
      body: {
        error: { code: 'PERMISSION_DENIED', message: 'Access Denied', details: { disposition: 'setup' } },
      },
    });
    expect(seen).toEqual(['failed promotion PERMISSION_DENIED']);
  });

  it('runs one promotion at a time, and the next after it, failed or not', async () => {
    const { promise, reject } = Promise.withResolvers<PromotionRun>();
    const answers = [promise, Promise.resolve(empty)];
    const { service } = aService(() => answers.shift() ?? Promise.resolve(empty));
    const first = service.run(CALL).catch(() => 'failed');

    await expect(service.run(CALL)).rejects.toMatchObject({
      body: { error: { code: 'PROMOTION_RUNNING' } },
      headers: { 'retry-after': '30' },
    });
    reject(new Error('gone'));
    expect(await first).toBe('failed');
    expect(await service.run(CALL)).toEqual(empty);
  });

  it('ends before the limit on a request', async () => {
    let asked: PromotionRequest | undefined;
    const { service } = aService((request) => {
      asked = request;
      return Promise.resolve(empty);
    });
    const before = Date.now();
    await service.run({ ...CALL, tables: ['orders'] });

    expect(asked).toMatchObject({ tables: ['orders'], isDryRun: false });
    expect((asked?.endsAtMs ?? 0) - before).toBeLessThan(300_000);
  });
});

describe('PromotionTimer', () => {
  const logger = { debug: () => undefined } as never;

  it('repeats, also after a failure, until it is stopped', async () => {
    const { promise: third, resolve } = Promise.withResolvers<undefined>();
    let runs = 0;
    const run = (): Promise<PromotionRun> => {
      if (++runs === 3) resolve(undefined);
      return runs === 1 ? Promise.reject(new Error('unavailable')) : Promise.resolve(empty);
    };
    const timer = new PromotionTimer({ run }, 1, logger);
    timer.onApplicationBootstrap();
    await third;
    await timer.onApplicationShutdown();
    const stoppedAt = runs;

    await new Promise(setImmediate);
    expect(runs).toBe(stoppedAt);
  });

  it('does nothing with an interval of 0', async () => {
    const timer = new PromotionTimer({ run: () => Promise.reject(new Error('called')) }, 0, logger);
    timer.onApplicationBootstrap();

    await expect(timer.onApplicationShutdown()).resolves.toBeUndefined();
  });
});
