import { describe, expect, it } from '@jest/globals';
import { type ChangeRecord } from '@pipeline/bigquery-tables';
import { CloudError } from '@pipeline/google-clients';
import { RequestFailure } from '@pipeline/platform';
import { InMemoryHistory, InMemoryTables } from '@pipeline/testing';
import { HistoryController } from './history.controller.js';
import { HistoryQuery } from './history.dto.js';

const added: ChangeRecord = {
  changeId: 'c1',
  tableId: 'orders',
  version: 5,
  kind: 'ADD_COLUMN',
  path: 'customer.id',
  fromType: null,
  toType: 'STRING',
  messageId: 'm1',
  sample: 'STRING',
  changedAtMs: Date.parse('2026-11-23T02:00:00.123Z'),
  actor: 'table-manager@1',
};

function start(): { history: InMemoryHistory; tables: InMemoryTables; controller: HistoryController } {
  const history = new InMemoryHistory();
  const tables = new InMemoryTables();
  return { history, tables, controller: new HistoryController(history, tables) };
}

async function failure(call: Promise<unknown>): Promise<string> {
  const cause = await call.then(
    () => null,
    (error: unknown) => error,
  );
  return cause instanceof RequestFailure ? `${cause.getStatus()} ${cause.body.error.code}` : 'none';
}

describe('HistoryController', () => {
  it('returns each change of the table once', async () => {
    const { history, controller } = start();
    await history.append([added, { ...added, changeId: 'c2', tableId: 'other' }, added]);

    expect(await controller.get('orders', new HistoryQuery())).toEqual({
      table: 'orders',
      changes: [
        {
          change_id: 'c1',
          version: 5,
          kind: 'ADD_COLUMN',
          path: 'customer.id',
          from_type: null,
          to_type: 'STRING',
          message_id: 'm1',
          sample: 'STRING',
          changed_at: '2026-11-23T02:00:00.123Z',
          actor: 'table-manager@1',
        },
      ],
    });
  });

  it('gives the newest changes where not all are wanted', async () => {
    const { history, controller } = start();
    await history.append([1, 2, 3].map((at) => ({ ...added, changeId: `c${at}`, changedAtMs: at })));

    const { changes } = await controller.get('orders', Object.assign(new HistoryQuery(), { limit: 2 }));

    expect(changes.map((change) => change.change_id)).toEqual(['c2', 'c3']);
  });

  it('returns no change of a table without events, and 404 for one that does not exist', async () => {
    const { tables, controller } = start();
    tables.put('by_hand', []);

    expect(await controller.get('by_hand', new HistoryQuery())).toEqual({ table: 'by_hand', changes: [] });
    expect(await failure(controller.get('nowhere', new HistoryQuery()))).toBe('404 TABLE_NOT_FOUND');
  });

  it('says that BigQuery does not answer', async () => {
    const { history, controller } = start();
    history.failNext(new CloudError({ code: 'UNAVAILABLE', message: 'later' }));

    expect(await failure(controller.get('orders', new HistoryQuery()))).toBe('503 UNAVAILABLE');
  });
});
