import { describe, expect, it } from '@jest/globals';
import { CloudError, type Sql, type SqlRow } from '@pipeline/google-clients';
import { Warehouse } from '../warehouse/warehouse.js';
import { NowService } from './now.service.js';

/** A dataset without tables that counts its queries. */
function emptyWarehouse(
  clock: { ms: number },
  isLocal = true,
): {
  readonly warehouse: Warehouse;
  queries: number;
  fails: boolean;
} {
  const state = { queries: 0, fails: false };
  const sql: Sql = {
    name: (table) => table,
    archiveName: (table) => table,
    // eslint-disable-next-line @typescript-eslint/require-await
    async *rows(): AsyncGenerator<SqlRow> {
      state.queries++;
      if (state.fails) throw new CloudError({ code: 'UNAVAILABLE', message: 'no answer' });
      yield* [];
    },
    execute: () => Promise.resolve(),
    estimateBytes: () => Promise.resolve(0),
  };
  const warehouse = new Warehouse({
    sql,
    store: { read: () => Promise.resolve(null), checkDataset: () => Promise.resolve() },
    history: { read: () => Promise.resolve([]) },
    routing: { routes: {} },
    inProgressMs: 900_000,
    maxBytes: 1,
    isLocal,
    now: () => new Date(clock.ms),
  });
  return Object.assign(state, { warehouse });
}

describe('NowService', () => {
  it('reads once for all pages until the refresh time is over', async () => {
    const clock = { ms: 0 };
    const state = emptyWarehouse(clock);
    const service = new NowService(state.warehouse, 2_000);
    await Promise.all([service.read(), service.read()]);
    const { queries } = state;

    clock.ms = 1_999;
    await service.read();
    expect(state.queries).toBe(queries);
    clock.ms = 2_000;
    await service.read();
    expect(state.queries).toBe(2 * queries);
  });

  it('keeps the newest reading as outdated figures when its refresh time is over', async () => {
    const clock = { ms: 0 };
    const service = new NowService(emptyWarehouse(clock).warehouse, 2_000);
    const reading = await service.read();
    expect(service.outdated()).toBeNull();

    clock.ms = 2_000;
    const next = service.read();
    expect(service.outdated()).toBe(reading);
    await next;
    expect(service.outdated()).toBeNull();
  });

  it.each([
    [true, 'takes the first reading at its start'],
    [false, 'reads nothing at its start'],
  ])('with a local cloud: %s, %s', async (isLocal) => {
    const state = emptyWarehouse({ ms: 0 }, isLocal);
    const service = new NowService(state.warehouse, 2_000);
    service.onApplicationBootstrap();
    expect(state.queries > 0).toBe(isLocal);

    await service.read();
  });

  it('starts without an answer of BigQuery', async () => {
    const state = emptyWarehouse({ ms: 0 });
    state.fails = true;
    const service = new NowService(state.warehouse, 2_000);
    service.onApplicationBootstrap();

    await expect(service.read()).rejects.toThrow('no answer');
    expect(service.outdated()).toBeNull();
  });

  it('does not keep a failure', async () => {
    const state = emptyWarehouse({ ms: 0 });
    const service = new NowService(state.warehouse, 2_000);
    state.fails = true;
    await expect(service.read()).rejects.toThrow('no answer');
    state.fails = false;

    expect((await service.read()).totals.received).toBe(0);
  });
});
