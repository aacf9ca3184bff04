import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type BigqueryEmulator, startBigqueryEmulator } from '../index.js';
import { type RestCaller, restCaller } from '../testing/rest-caller.builder.js';

describe('expiration of tables', () => {
  let directory: string;
  let emulator: BigqueryEmulator;
  let call: RestCaller;

  async function start(): Promise<void> {
    const options = { host: '127.0.0.1', port: 0, dataDirectory: directory, log: () => undefined };
    emulator = await startBigqueryEmulator(options);
    call = restCaller(emulator.port);
  }

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'expiry-'));
    await start();
    await call('POST', '/datasets', { datasetReference: { datasetId: 'd' } });
  });
  afterEach(async () => {
    await emulator.stop();
    await rm(directory, { recursive: true });
  });

  const fields = [{ name: 'id', type: 'INTEGER' }];
  const create = (tableId: string, more: object = {}): Promise<unknown> =>
    call('POST', '/datasets/d/tables', { tableReference: { tableId }, schema: { fields }, ...more });
  const soon = (): string => String(Date.now() + 200);

  async function untilGone(tableId: string): Promise<void> {
    while ((await call('GET', `/datasets/d/tables/${tableId}`)).status !== 404)
      await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** Makes a table and takes its expiration back before it comes; a slow machine gets more time. @returns the expiration */
  async function createAndKeep(tableId: string, timeMs: number): Promise<number> {
    const expirationMs = Date.now() + timeMs;
    await create(tableId, { expirationTime: String(expirationMs) });
    const { status } = await call('PATCH', `/datasets/d/tables/${tableId}`, { expirationTime: null });
    return status === 200 ? expirationMs : createAndKeep(tableId, 4 * timeMs);
  }

  it('removes a table when its time has come, and no other', async () => {
    await create('staged', { expirationTime: soon() });
    await create('lasting', { expirationTime: String(Date.now() + 3_600_000) });
    await create('endless');
    await untilGone('staged');
    const { body } = await call('GET', '/datasets/d/tables');
    expect(body['totalItems']).toBe(2);
  });

  it('removes after a restart what has expired meanwhile', async () => {
    await create('staged', { expirationTime: soon() });
    await emulator.stop();
    await start();
    await untilGone('staged');
  });

  it('obeys an expiration that is set or taken back later', async () => {
    await create('later');
    const keptUntilMs = await createAndKeep('kept', 200);
    const expirationTime = String(Math.max(keptUntilMs, Date.now()) + 200);
    await call('PATCH', '/datasets/d/tables/later', { expirationTime });
    await untilGone('later');
    expect((await call('GET', '/datasets/d/tables/kept')).status).toBe(200);
  });

  it("gives new tables the dataset's default", async () => {
    await call('PATCH', '/datasets/d', { defaultTableExpirationMs: '200' });
    await create('own', { expirationTime: String(Date.now() + 3_600_000) });
    await create('byDefault');
    await untilGone('byDefault');
    expect((await call('GET', '/datasets/d/tables/own')).status).toBe(200);
  });

  it.each(['soon', '-1', 1.5])('refuses %j as a time', async (expirationTime) => {
    expect(await create('t', { expirationTime })).toMatchObject({ status: 400 });
  });
});
