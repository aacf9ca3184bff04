import { describe, expect, it } from '@jest/globals';
import type { AutoRetype, RetypeResult } from '@pipeline/bigquery-tables';
import { CloudError } from '@pipeline/google-clients';
import { OneAtATime } from '../requests/one-at-a-time.js';
import { parseRetypeCall } from './retype-request.js';
import { RetypesService } from './retypes.service.js';

const CALL = parseRetypeCall(Buffer.from('{"table":"orders","column":"price","type":"NUMERIC"}'));
const SPAN = { publishedSince: new Date(0), endsAtMs: Infinity };
const DONE: RetypeResult = { kind: 'done', progress: null };

function aService({
  retype = () => Promise.resolve(DONE),
  auto = () => Promise.resolve([]),
}: {
  readonly retype?: () => Promise<RetypeResult>;
  readonly auto?: (table: string) => Promise<readonly AutoRetype[]>;
}): { readonly service: RetypesService; readonly seen: string[]; readonly slot: OneAtATime } {
  const seen: string[] = [];
  const slot = new OneAtATime('PROMOTION_RUNNING', 'A promotion or a retype is running');
  const service = new RetypesService({
    retyper: { retype },
    auto: { run: auto },
    slot,
    logger: {
      info: (_fields: unknown, text: unknown) => seen.push(`info ${String(text)}`),
      warn: (_fields: unknown, text: unknown) => seen.push(`warn ${String(text)}`),
    },
    metrics: { retyped: ({ origin, outcome }) => seen.push(`metric ${origin} ${outcome}`) },
    setup: {
      failed: (part, { code }) => seen.push(`failed ${part} ${code}`),
      worked: (part) => seen.push(`worked ${part}`),
    },
    refresh: (table) => {
      seen.push(`refresh ${table}`);
      return Promise.reject(new Error('unavailable'));
    },
  });
  return { service, seen, slot };
}

describe('RetypesService', () => {
  it('shows a retype in log and metrics, and reads the table again', async () => {
    const { service, seen } = aService({});

    expect(await service.run(CALL)).toEqual(DONE);
    expect(seen).toEqual([
      'worked promotion',
      'metric request done',
      'info column retyped',
      'refresh orders',
    ]);
  });

  it('answers a refusal with its reason, and a table that is missing', async () => {
    const refused = aService({
      retype: () => Promise.resolve({ kind: 'refused', code: 'NO_SUCH_COLUMN', names: ['cost'] }),
    });
    const missing = aService({ retype: () => Promise.resolve({ kind: 'missing' }) });

    await expect(refused.service.run(CALL)).rejects.toMatchObject({
      body: { error: { code: 'NO_SUCH_COLUMN', details: { names: ['cost'] } } },
    });
    await expect(missing.service.run(CALL)).rejects.toMatchObject({
      body: { error: { code: 'NO_SUCH_TABLE', message: 'There is no table orders' } },
    });
  });

  it('answers a setup problem with its disposition, and reports it to readiness', async () => {
    const refusal = new CloudError({ code: 'PERMISSION_DENIED', message: 'Access Denied' });
    const { service, seen } = aService({ retype: () => Promise.reject(refusal) });

    await expect(service.run(CALL)).rejects.toMatchObject({
      body: { error: { code: 'PERMISSION_DENIED', details: { disposition: 'setup' } } },
    });
    expect(seen).toEqual(['failed promotion PERMISSION_DENIED']);
  });

  it('waits for no promotion and lets none begin', async () => {
    const { service, slot } = aService({});
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const promotion = slot.run(() => promise);

    await expect(service.run(CALL)).rejects.toMatchObject({ body: { error: { code: 'PROMOTION_RUNNING' } } });
    resolve(undefined);
    await promotion;
    expect(await service.run(CALL)).toEqual(DONE);
  });

  it('retypes fields of several tables, and gives back those that failed for now', async () => {
    const retype = (table: string, outcome: AutoRetype['outcome']): AutoRetype => ({
      table,
      column: 'items.price',
      type: 'NUMERIC',
      outcome,
    });
    const { service, seen } = aService({
      auto: (table) =>
        table === 'busy'
          ? Promise.reject(new CloudError({ code: 'RATE_LIMITED', message: 'slow down' }))
          : Promise.resolve([retype(table, table === 'large' ? 'proposed' : 'retyped')]),
    });

    expect(await service.runAutomatic(['small', 'busy', 'large'], SPAN)).toEqual({
      retypes: [retype('small', 'retyped'), retype('large', 'proposed')],
      failed: ['busy'],
    });
    expect(seen).toEqual([
      'metric automatic retyped',
      'info field retyped, because it cannot widen',
      'refresh small',
      'metric automatic proposed',
      'warn retype proposed: run pipeline retype',
    ]);
  });
});
