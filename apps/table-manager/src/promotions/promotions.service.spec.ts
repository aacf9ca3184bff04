import { describe, expect, it, jest } from '@jest/globals';
import type { PromotedDay, PromotionRequest, PromotionRun } from '@pipeline/bigquery-tables';
import { CloudError } from '@pipeline/google-clients';
import { OneAtATime } from '../requests/one-at-a-time.js';
import { PromotionTimer } from './promotion-timer.js';
import type { PromotionCall } from './promotion-request.js';
import { PromotionsService, type PromotionAnswer } from './promotions.service.js';

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

function aService(
  run: (request: PromotionRequest) => Promise<PromotionRun>,
  failed: readonly string[] = [],
): {
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
    slot: new OneAtATime('PROMOTION_RUNNING', 'A promotion or a retype is running'),
    notes: {
      awaiting: () => ['noted'],
      takeUnwidenable: () => ['narrow'],
      overflowed: (table, reason) => seen.push(`noted ${table} ${reason}`),
    },
    retypes: {
      runAutomatic: (tables) => {
        seen.push(`retype ${tables.join(' ')}`);
        return Promise.resolve({ retypes: [], failed });
      },
    },
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

    expect(await service.run(CALL)).toEqual({ ...empty, days, automatic: [] });
    expect(seen).toEqual([
      'worked promotion',
      'metric promoted',
      'info values moved to their columns',
      'metric unchanged',
      'metric failed',
      'warn promotion failed',
      'refresh orders',
      'retype narrow',
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
    expect(await service.run(CALL)).toEqual({ ...empty, automatic: [] });
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

it('keeps a table whose field could not be retyped for the next run, and looks at every overflow at night', async () => {
  const days = [day({}), day({ day: '2026-11-28' }), day({ table: 'items' })];
  const { service, seen } = aService(() => Promise.resolve({ ...empty, days }), ['narrow']);

  await service.run({ ...CALL, scope: 'all' });
  expect(seen.slice(-2)).toEqual(['retype narrow orders items', 'noted narrow NOT_WIDENABLE']);
});

it('looks at the tables that this process has noted, too', async () => {
  const asked: PromotionRequest[] = [];
  const { service } = aService((request) => {
    asked.push(request);
    return Promise.resolve(empty);
  });
  await service.run(CALL);
  await service.run({ ...CALL, tables: ['orders'] });

  expect(asked.map(({ tables, alsoTables }) => [tables, alsoTables])).toEqual([
    [undefined, ['noted']],
    [['orders'], undefined],
  ]);
});

describe('PromotionTimer', () => {
  const logger = { debug: () => undefined } as never;
  const answer = { ...empty, automatic: [] };

  it('repeats, also after a failure, until it is stopped', async () => {
    const { promise: third, resolve } = Promise.withResolvers<undefined>();
    let runs = 0;
    const run = (): Promise<PromotionAnswer> => {
      if (++runs === 3) resolve(undefined);
      return runs === 1 ? Promise.reject(new Error('unavailable')) : Promise.resolve(answer);
    };
    const notes = { isEmpty: true, awaiting: () => [] };
    const timer = new PromotionTimer({ service: { run }, notes, intervalMs: 1, logger });
    timer.onApplicationBootstrap();
    await third;
    await timer.onApplicationShutdown();
    const stoppedAt = runs;

    await new Promise(setImmediate);
    expect(runs).toBe(stoppedAt);
  });

  it('with an interval of 0 promotes what this process has noted, once a minute', async () => {
    jest.useFakeTimers();
    const noted = [[], ['orders'], []];
    const asked: (readonly string[] | undefined)[] = [];
    const run = ({ tables }: PromotionCall): Promise<PromotionAnswer> => {
      asked.push(tables);
      noted.shift();
      return Promise.resolve(answer);
    };
    const notes = {
      get isEmpty() {
        return noted[0]?.length === 0;
      },
      awaiting: () => noted[0] ?? [],
    };
    const timer = new PromotionTimer({ service: { run }, notes, intervalMs: 0, logger });
    timer.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(60_000);
    noted.shift();
    await jest.advanceTimersByTimeAsync(59_000);
    const before = [...asked];
    await jest.advanceTimersByTimeAsync(200_000);
    jest.useRealTimers();
    await timer.onApplicationShutdown();

    expect([before, asked]).toEqual([[], [['orders']]]);
  });
});
