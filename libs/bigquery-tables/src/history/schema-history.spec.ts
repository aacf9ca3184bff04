import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CloudError } from '@pipeline/google-clients';
import { decodeEvent, fit, type Column } from '@pipeline/schema-inference';
import { InMemoryHistory, InMemoryTables } from '@pipeline/testing';
import { HistoryAuditor } from './history-auditor.js';
import { HistoryWriter } from './history-writer.js';
import { TableReconciler } from '../schema-changes/table-reconciler.js';

/** One process: its events change tables, and what it knows is recorded. */
class Replica {
  readonly #writer: HistoryWriter;
  readonly #auditor: HistoryAuditor;
  readonly #reconciler: TableReconciler;
  #isAlive = true;

  constructor(
    private readonly name: string,
    private readonly tables: InMemoryTables,
    history: InMemoryHistory,
  ) {
    this.#writer = new HistoryWriter({ history, actor: name, random: () => 1 });
    this.#auditor = new HistoryAuditor({
      store: tables,
      history,
      actor: name,
      random: () => 1,
      report: (records) => {
        this.#writer.append(records);
      },
    });
    this.#reconciler = new TableReconciler({
      store: tables,
      random: () => 1,
      onChange: (change) => {
        if (this.#isAlive) {
          this.#writer.record(change);
        }
      },
      onDiscovered: (tableId) => {
        this.#auditor.schedule(tableId);
      },
    });
  }

  /** Ends with `kill -9` as soon as BigQuery has made the next change: nothing of it is recorded. */
  dieAtNextChange(): void {
    this.#isAlive = false;
  }

  async store(messageId: string, fields: object): Promise<void> {
    const data = Buffer.from(JSON.stringify(fields));
    const decoded = decodeEvent({ data, attributes: { event_type: 't' } });
    if (decoded.kind === 'rejected') {
      throw new Error(decoded.detail);
    }
    const { event } = decoded;
    await this.#settled(
      this.#reconciler.reconcile('t', {
        pendingIn: (compiled) => fit(event, compiled, { verdictOnly: true }).pending,
        cause: messageId,
      }),
    );
  }

  /** As a writer does that was recorded "not found" or "no such field". */
  async verify(messageId: string): Promise<void> {
    await this.#settled(this.#reconciler.verify('t', messageId));
  }

  async #settled(work: Promise<unknown>): Promise<void> {
    const outcome = work.then(
      () => null,
      (cause: unknown) => CloudError.from(cause),
    );
    await jest.advanceTimersByTimeAsync(60_000);
    const error = await outcome;
    if (error !== null) {
      throw new Error(`${this.name}: ${error.message}`);
    }
  }

  put(...columns: readonly Column[]): void {
    this.tables.put('t', columns);
  }
}

let tables: InMemoryTables;
let history: InMemoryHistory;
let one: Replica;
let two: Replica;

beforeEach(() => {
  jest.useFakeTimers({ now: Date.parse('2026-11-23T02:00:00Z') });
  tables = new InMemoryTables();
  history = new InMemoryHistory();
  one = new Replica('one', tables, history);
  two = new Replica('two', tables, history);
});

afterEach(() => {
  jest.useRealTimers();
});

async function recorded(): Promise<readonly string[]> {
  const records = await history.read(['t']);
  return records.map(({ kind, path, fromType, toType, messageId, actor }) =>
    [kind, path ?? '-', fromType ?? '-', toType ?? '-', messageId ?? '-', actor].join(' '),
  );
}

async function columns(): Promise<Column[]> {
  return [...((await tables.read('t'))?.schema.columns ?? [])];
}

describe('the history of a table', () => {
  it('records each change once, with its message and its author, although others see it', async () => {
    await one.store('m1', { a: 1 });
    await two.store('m2', { a: 1, b: 'x' });
    await one.store('m3', { a: 1.5, b: 'x', c: { d: true } });
    await two.verify('m4');

    expect(await recorded()).toEqual([
      'CREATE_TABLE - - - m1 one',
      'ADD_COLUMN a - INT64 m1 one',
      'ADD_COLUMN b - STRING m2 two',
      'WIDEN_COLUMN a INT64 NUMERIC m3 one',
      'ADD_COLUMN c - STRUCT m3 one',
      'ADD_COLUMN c.d - BOOL m3 one',
    ]);
  });

  it.each<[string, object, readonly string[]]>([
    ['a new table', { a: 1 }, ['CREATE_TABLE - - - m1 two', 'ADD_COLUMN a - INT64 m1 two']],
    [
      'a new record',
      { 'order-id': { x: [1] } },
      [
        'CREATE_TABLE - - - m1 two',
        'ADD_COLUMN order_id - STRUCT m1 two',
        'ADD_COLUMN order_id.x - ARRAY<INT64> m1 two',
      ],
    ],
  ])(
    'is recorded by the next process that reads the table, if its author was killed: %s',
    async (_name, fields, wanted) => {
      one.dieAtNextChange();
      await one.store('m1', fields);
      expect(await recorded()).toEqual([]);

      await two.store('m2', fields);

      expect(await recorded()).toEqual(wanted);
      expect(history.records).toHaveLength(wanted.length);
    },
  );

  it('is recorded of a widening and an addition, when their maker was killed', async () => {
    await one.store('m1', { n: 1 });
    one.dieAtNextChange();
    await one.store('m2', { n: 1.5, b: 1 });

    await two.store('m3', { n: 1, b: 1 });

    expect((await recorded()).slice(2).sort()).toEqual([
      'ADD_COLUMN b - INT64 m2 two',
      'WIDEN_COLUMN n INT64 NUMERIC m2 two',
    ]);
  });

  it('records no widening that was announced and never made', async () => {
    await one.store('m1', { n: 1 });
    one.dieAtNextChange();
    tables.failNext('changeTypes', ...Array.from({ length: 8 }, aFailure));
    await one.store('m2', { n: 1.5 }).catch(() => undefined);

    await two.verify('m3');

    expect(await recorded()).toEqual(['CREATE_TABLE - - - m1 one', 'ADD_COLUMN n - INT64 m1 one']);
  });

  it('is the same for every process that records it, however often', async () => {
    one.dieAtNextChange();
    await one.store('m1', { a: 1 });
    history.latencyMs = 100;
    const others = ['x', 'y', 'z'].map((name) => new Replica(name, tables, history));

    await Promise.all(others.map((other) => other.store('m2', { a: 1 })));
    history.latencyMs = 0;

    expect((await recorded()).map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'CREATE_TABLE -',
      'ADD_COLUMN a',
    ]);
    expect(history.records).toHaveLength(6);
  });

  it('records a change made by hand once, as unknown', async () => {
    await one.store('m1', { a: 1, b: 'x', c: 1, gone: 1 });
    const wide = (await columns())
      .filter(({ name }) => name !== 'gone')
      .map((column) => (column.name === 'c' ? ({ ...column, type: 'FLOAT64' } as const) : column))
      .map((column) => (column.name === 'a' ? ({ ...column, type: 'NUMERIC' } as const) : column));
    one.put(...wide, { name: 'theirs', type: 'DATE', mode: 'NULLABLE' });

    await one.verify('m2');
    await two.store('m3', { a: 1 });
    await one.verify('m4');

    expect((await recorded()).slice(5)).toEqual([
      'WIDEN_COLUMN a INT64 NUMERIC - unknown',
      'CHANGE_COLUMN c INT64 FLOAT64 - unknown',
      'DROP_COLUMN gone INT64 - - unknown',
      'ADD_COLUMN theirs - DATE - unknown',
    ]);
  });

  it('records a column again that was dropped by hand and is needed again', async () => {
    await one.store('m1', { a: 1, b: 1 });
    one.put(...(await columns()).filter(({ name }) => name !== 'a'));
    await one.verify('m2');

    await one.store('m3', { a: 1 });

    expect((await recorded()).slice(3)).toEqual([
      'DROP_COLUMN a INT64 - - unknown',
      'ADD_COLUMN a - INT64 m3 one',
    ]);
  });

  it('records a table that was dropped and recreated, but not its columns', async () => {
    await one.store('m1', { a: 1 });
    tables.drop('t');
    await one.verify('m2');
    await two.store('m3', { a: 1, b: 1 });

    expect((await recorded()).slice(2)).toEqual([
      'DROP_TABLE - - - - unknown',
      'RECREATE_TABLE - - - m2 one',
      'ADD_COLUMN b - INT64 m3 two',
    ]);
  });

  it('begins with what is there, when a table was made by hand', async () => {
    one.put({ name: 'h', type: 'STRING', mode: 'REQUIRED' });
    await one.store('m1', { h: 'x' });

    expect(await recorded()).toEqual([
      'CREATE_TABLE - - - - unknown',
      'ADD_COLUMN h - STRING NOT NULL - unknown',
    ]);
  });

  it('accepts any number of tables', async () => {
    const auditor = new HistoryAuditor({ store: tables, history, actor: 'one', report: () => undefined });
    for (let index = 0; index < 200_000; index++) auditor.schedule(`t${index}`);

    await expect(auditor.stop()).resolves.toBeUndefined();
  });

  it('waits for a history that does not answer, and then records all', async () => {
    history.failNext(...Array.from({ length: 12 }, aFailure));
    await one.store('m1', { a: 1 });
    await two.store('m2', { a: 1 });
    await jest.advanceTimersByTimeAsync(3_600_000);

    expect(await recorded()).toEqual(['CREATE_TABLE - - - m1 one', 'ADD_COLUMN a - INT64 m1 one']);
  });
});

function aFailure(): CloudError {
  return new CloudError({ code: 'UNAVAILABLE', message: 'later' });
}
