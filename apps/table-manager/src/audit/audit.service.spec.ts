import { describe, expect, it } from '@jest/globals';
import type { SqlQuery } from '@pipeline/google-clients';
import { AuditService } from './audit.service.js';

const NOW = new Date('2026-11-23T12:00:00Z');
const SPAN = { since: new Date('2026-11-22T12:00:00Z'), until: NOW, ledger: false };

function aService(queries: SqlQuery[]): AuditService {
  return new AuditService({
    sql: {
      name: (tableId) => tableId,
      archiveName: (tableId) => tableId,
      // eslint-disable-next-line @typescript-eslint/require-await -- an empty result
      rows: async function* (query) {
        queries.push(query);
        yield* [];
      },
      execute: (query) => {
        queries.push(query);
        return Promise.resolve();
      },
      estimateBytes: () => Promise.resolve(0),
    },
    maxBytes: 1_000,
    inProgressMs: 0,
    actor: 'spec',
    autoReplayLimit: 0,
    publisher: {} as never,
    makeForecaster: () => ({}) as never,
  });
}

describe('AuditService', () => {
  it('limits the bytes of every query', async () => {
    const queries: SqlQuery[] = [];
    await aService(queries)
      .audit(SPAN, NOW)
      .catch(() => undefined); // the fake returns no books

    expect(queries.length).toBeGreaterThan(0);
    expect(queries.map(({ maximumBytesBilled }) => maximumBytesBilled)).toEqual(queries.map(() => 1_000));
  });

  it('runs one audit at a time', async () => {
    const service = aService([]);
    let end = (): void => undefined;
    const first = service.runAlone(() => new Promise<void>((resolve) => (end = resolve)));
    const second = await service.runAlone(() => Promise.resolve()).catch((cause: unknown) => cause);
    end();
    await first;

    expect(second).toMatchObject({
      body: { error: { code: 'AUDIT_RUNNING' } },
      headers: { 'retry-after': '30' },
    });
    expect(await service.runAlone(() => Promise.resolve('again'))).toBe('again');
  });
});
