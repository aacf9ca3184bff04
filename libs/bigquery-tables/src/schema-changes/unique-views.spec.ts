import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CloudError } from '@pipeline/google-clients';
import { PIPELINE_COLUMNS, type Column } from '@pipeline/schema-inference';
import { InMemoryTables } from '@pipeline/testing';
import { uniqueView, UniqueViews } from './unique-views.js';

const dataset = { projectId: 'p', datasetId: 'd' };
const A: Column = { name: 'a', type: 'INT64', mode: 'NULLABLE' };
const B: Column = { name: 'b', type: 'STRING', mode: 'NULLABLE' };

let store: InMemoryTables;
let failures: string[];
let views: UniqueViews;

function ensure(tableId: string, ...columns: readonly Column[]): Promise<void> {
  const { createdAtMs, schema } = store.put(tableId, columns);
  return views.ensure({ tableId, createdAtMs, schema });
}

const queryOf = (tableId: string, ...columns: readonly Column[]): string =>
  uniqueView({ ...dataset, tableId, columns }).query;

function viewCalls(): readonly string[] {
  return store.calls.filter((call) => !call.startsWith('read'));
}

beforeEach(() => {
  jest.useFakeTimers({ now: Date.parse('2026-11-29T10:00:00Z') });
  store = new InMemoryTables();
  failures = [];
  const onFailure = (viewId: string, { code }: CloudError): number => failures.push(`${viewId} ${code}`);
  views = new UniqueViews({ store, ...dataset, onFailure, random: () => 1 });
});

afterEach(async () => {
  await views.stop();
  jest.useRealTimers();
});

describe('UniqueViews', () => {
  it('creates a view once per table', async () => {
    await Promise.all(['t', 'u', 't'].map((tableId) => ensure(tableId, A)));
    await ensure('t', A);
    await jest.advanceTimersByTimeAsync(60_000);

    expect(viewCalls()).toEqual(['createView t_unique', 'createView u_unique']);
    expect(store.views.get('t_unique')).toBe(queryOf('t', A));
  });

  it('replaces the view once for the changes of a few seconds', async () => {
    await ensure('t', A);
    for (const columns of [
      [A, B],
      [A, B, { ...B, name: 'c' }],
      [A, B, { ...B, name: 'd' }],
    ]) {
      await ensure('t', ...columns);
      await jest.advanceTimersByTimeAsync(1_000);
    }
    await jest.advanceTimersByTimeAsync(60_000);

    expect(viewCalls()).toEqual(['createView t_unique', 'replaceView t_unique']);
    expect(store.views.get('t_unique')).toBe(queryOf('t', A, B, { ...B, name: 'd' }));
  });

  it('replaces a view whose table changed while the view was being created', async () => {
    const release = store.hold('createView');
    const first = ensure('t', A);
    const second = ensure('t', A, B);
    await jest.advanceTimersByTimeAsync(0);
    release();
    await Promise.all([first, second]);
    await jest.advanceTimersByTimeAsync(60_000);

    expect(viewCalls()).toEqual(['createView t_unique', 'replaceView t_unique']);
    expect(store.views.get('t_unique')).toBe(queryOf('t', A, B));
  });

  it('replaces a view once more whose table changed while the view was being replaced', async () => {
    await ensure('t', A);
    const release = store.hold('replaceView');
    await ensure('t', A, B);
    await jest.advanceTimersByTimeAsync(5_000);
    await ensure('t', A);
    release();
    await jest.advanceTimersByTimeAsync(60_000);

    expect(viewCalls()).toEqual(['createView t_unique', 'replaceView t_unique', 'replaceView t_unique']);
    expect(store.views.get('t_unique')).toBe(queryOf('t', A));
  });

  it('replaces the view after each later change, also of a type or a nested field', async () => {
    const record = (...columns: readonly Column[]): Column => ({
      name: 'r',
      type: 'RECORD',
      mode: 'NULLABLE',
      columns,
    });
    for (const columns of [[A], [{ ...A, type: 'NUMERIC' as const }], [A, record(A)], [A, record(A, B)]]) {
      await ensure('t', ...columns);
      await jest.advanceTimersByTimeAsync(60_000);
    }

    expect(viewCalls()).toEqual([
      'createView t_unique',
      'replaceView t_unique',
      'replaceView t_unique',
      'replaceView t_unique',
    ]);
  });

  it('replaces a view with an older definition, and leaves one that another process replaced', async () => {
    await store.createView({ viewId: 't_unique', query: 'SELECT * FROM `p.d.t`' });
    await store.createView({ viewId: 'u_unique', query: queryOf('u', A) });
    await ensure('t', A);
    await ensure('u', A);

    expect(viewCalls().slice(2)).toEqual(['replaceView t_unique']);
  });

  it('leaves the view of another process that knows later columns of the table', async () => {
    const c: Column = { ...B, name: 'c' };
    await ensure('t', A);
    await ensure('t', A, B);
    store.put('t', [A, B, c]);
    await store.replaceView({ viewId: 't_unique', query: queryOf('t', A, B, c) });
    await jest.advanceTimersByTimeAsync(60_000);

    expect(store.views.get('t_unique')).toBe(queryOf('t', A, B, c));
  });

  it('creates a view again that was deleted alone', async () => {
    await ensure('t', A);
    await ensure('u', A);
    store.drop('t_unique');
    await jest.advanceTimersByTimeAsync(1_000_000);

    expect([...store.views.keys()].sort()).toEqual(['t_unique', 'u_unique']);
  });

  it('creates no view of a table that was deleted', async () => {
    await ensure('t', A);
    store.drop('t_unique');
    store.drop('t');
    await jest.advanceTimersByTimeAsync(1_000_000);

    expect(store.views.size).toBe(0);
  });

  it('creates a view again that was deleted with its table, as soon as the table is recreated', async () => {
    await ensure('t', A);
    store.drop('t_unique');
    store.drop('t');
    await jest.advanceTimersByTimeAsync(1_000);
    await ensure('t', A);

    expect([...store.views.keys()]).toEqual(['t_unique']);
  });

  it('reports a view that could not be created and tries again the next time', async () => {
    store.failNext('createView', new CloudError({ code: 'PERMISSION_DENIED', message: 'no' }));

    await ensure('t', A);
    await ensure('t', A);

    expect(failures).toEqual(['t_unique PERMISSION_DENIED']);
    expect([...store.views.keys()]).toEqual(['t_unique']);
  });

  it.each([1, 3])(
    'retries a view that failed %i times for a transient reason, without another event',
    async (times) => {
      for (let failure = 0; failure < times; failure++)
        store.failNext('createView', new CloudError({ code: 'UNAVAILABLE', message: 'later' }));

      await ensure('t', A);
      await jest.advanceTimersByTimeAsync(40_000);

      expect(failures).toEqual(Array.from({ length: times }, () => 't_unique UNAVAILABLE'));
      expect(store.views.get('t_unique')).toBe(queryOf('t', A));
    },
  );

  it('retries less and less often, then looks for missing views as always, until it is stopped', async () => {
    for (let failure = 0; failure < 20; failure++)
      store.failNext('createView', new CloudError({ code: 'UNAVAILABLE', message: 'later' }));

    await ensure('t', A);
    await jest.advanceTimersByTimeAsync(315_000);
    expect(failures).toHaveLength(7);
    await jest.advanceTimersByTimeAsync(600_000);
    expect(failures).toHaveLength(8);
    await views.stop();
    await jest.advanceTimersByTimeAsync(3_600_000);

    expect(failures).toHaveLength(8);
  });

  it('leaves a view that is refused to the next round', async () => {
    store.failNext('createView', new CloudError({ code: 'PERMISSION_DENIED', message: 'no' }));

    await ensure('t', A);
    await jest.advanceTimersByTimeAsync(300_000);

    expect(viewCalls()).toEqual(['createView t_unique']);
  });

  it('reports a table that has the name of the view', async () => {
    store.put('t_unique', [A]);

    await ensure('t', A);

    expect(failures).toEqual(['t_unique INVALID']);
  });
});

describe('uniqueView', () => {
  it('shows the earliest row of each message, within its publish time', () => {
    const { viewId, query } = uniqueView({ ...dataset, tableId: 'orders', columns: [A] });

    expect(viewId).toBe('orders_unique');
    expect(query.replace(/^-- columns [0-9a-f]{16}\n/, '')).toBe(
      'SELECT * FROM `p.d.orders` WHERE TRUE QUALIFY ROW_NUMBER() OVER ' +
        '(PARTITION BY _message_id, _publish_time ORDER BY _ingest_time) = 1',
    );
  });

  it('prefers the highest revision of a row where the table has revisions', () => {
    const columns: readonly Column[] = [
      ...PIPELINE_COLUMNS.filter(({ name }) => name !== '_revision'),
      { ...A, name: '_revision' },
    ];

    expect(uniqueView({ ...dataset, tableId: 't', columns }).query).toContain(
      'ORDER BY COALESCE(_revision, 0) DESC, _ingest_time) = 1',
    );
  });

  it('shows a retyped column under its one name, until the retired one has gone and after', () => {
    const note = (fields: object): string => `pipeline:${JSON.stringify(fields)}`;
    const old: Column = { ...A, name: 'price', description: note({ key: 'price', retired: true }) };
    const active: Column = { ...B, name: 'price__v2', description: note({ key: 'price' }) };
    const selected = (...columns: readonly Column[]): string =>
      /SELECT (.*) FROM/.exec(queryOf('t', ...columns))?.[1] ?? '';
    const asText: Column = { ...active, description: note({ key: 'price', numbersAsText: true }) };

    expect([
      selected(old, asText),
      selected({ ...old, name: 'price__retired' }, asText),
      selected(active),
      selected({ ...old, name: 'price__retired' }, { ...active, name: 'price' }),
      selected({ ...active, name: 'price' }),
      selected(old),
      selected(active, { ...A, name: 'price' }),
    ]).toEqual([
      '* EXCEPT (`price__v2`, `price`), COALESCE(`price__v2`, CAST(`price` AS STRING)) AS `price`',
      '* EXCEPT (`price__v2`, `price__retired`), COALESCE(`price__v2`, CAST(`price__retired` AS STRING)) AS `price`',
      '* EXCEPT (`price__v2`), `price__v2` AS `price`',
      '* EXCEPT (`price`, `price__retired`), `price` AS `price`',
      '*',
      '*',
      '*',
    ]);
  });

  it('leaves alone a column whose event key looks like a version', () => {
    const versioned: Column = { ...A, name: 'a__v2' };

    expect(
      queryOf('t', versioned, { ...B, name: 'b__v3', description: 'pipeline:{"key":"b-_v3"}' }),
    ).toContain('SELECT * FROM');
  });
});
