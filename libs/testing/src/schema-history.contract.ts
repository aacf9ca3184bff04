import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChangeRecord, SchemaHistory } from '@pipeline/bigquery-tables';

/** The implementation under test: an empty history. */
export interface HistoryUnderTest {
  readonly history: SchemaHistory;
  stop(): Promise<void>;
}

const START_MS = Date.parse('2026-11-23T02:00:00.123Z');

function aRecord(tableId: string, changeId: string, more: Partial<ChangeRecord> = {}): ChangeRecord {
  return {
    changeId: `${tableId}-${changeId}`,
    tableId,
    version: START_MS,
    kind: 'ADD_COLUMN',
    path: 'a',
    fromType: null,
    toType: 'STRING',
    messageId: 'm1',
    sample: 'STRING',
    changedAtMs: START_MS,
    actor: 'table-manager@1',
    ...more,
  };
}

/** Contract of every SchemaHistory, the fake and BigQuery alike. Tables are named after the test that uses them. */
export function describeHistoryContract(name: string, start: () => Promise<HistoryUnderTest>): void {
  describe(`${name} as history`, () => {
    let tested: HistoryUnderTest;

    beforeAll(async () => {
      tested = await start();
    });

    afterAll(async () => {
      await tested.stop();
    });

    it('has no changes of an unknown table', async () => {
      expect(await tested.history.read(['untold'])).toEqual([]);
    });

    it('returns changes as they were appended', async () => {
      const records = [
        aRecord('whole', '1', { kind: 'CREATE_TABLE', path: null, toType: null, sample: null }),
        aRecord('whole', '2', { path: 'items', toType: 'ARRAY<STRUCT>', sample: [{ 'sku-no': 'STRING' }] }),
        aRecord('whole', '3', {
          kind: 'DROP_COLUMN',
          path: 'ß.b',
          fromType: 'INT64',
          toType: null,
          messageId: null,
          sample: null,
          actor: 'unknown',
          changedAtMs: START_MS + 1,
        }),
      ];
      await tested.history.append(records);

      expect(await tested.history.read(['whole'])).toEqual(records);
    });

    it('returns a change that was appended twice once, in its first form', async () => {
      await tested.history.append([aRecord('twice', '1', { version: START_MS + 9 })]);
      await tested.history.append([aRecord('twice', '1'), aRecord('twice', '2', { path: 'b' })]);

      expect(await tested.history.read(['twice'])).toEqual([
        aRecord('twice', '1'),
        aRecord('twice', '2', { path: 'b' }),
      ]);
    });

    it('lists the newest last, and within one instant the table before its columns', async () => {
      const table = { kind: 'RECREATE_TABLE', path: null } as const;
      await tested.history.append([
        aRecord('ordered', 'late', { changedAtMs: START_MS + 5, path: 'z' }),
        aRecord('ordered', 'column'),
        aRecord('ordered', 'made', table),
        aRecord('ordered', 'gone', { ...table, kind: 'DROP_TABLE' }),
      ]);
      const ids = (records: readonly ChangeRecord[]): readonly string[] =>
        records.map(({ changeId }) => changeId.replace('ordered-', ''));

      expect(ids(await tested.history.read(['ordered']))).toEqual(['gone', 'made', 'column', 'late']);
      expect(ids(await tested.history.read(['ordered'], 2))).toEqual(['column', 'late']);
    });

    it('returns the changes of the requested tables only', async () => {
      await tested.history.append(['one', 'two', 'three'].map((tableId) => aRecord(tableId, '1')));

      const changes = await tested.history.read(['one', 'three', 'four']);

      expect(changes.map(({ tableId }) => tableId).sort()).toEqual(['one', 'three']);
    });
  });
}
