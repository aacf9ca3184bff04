import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CloudError } from '@pipeline/google-clients';
import { InMemoryHistory } from '@pipeline/testing';
import type { Change } from '../schema-changes/change-record.js';
import { HistoryWriter, type HistoryWriterOptions } from './history-writer.js';
import type { TableChange } from '../schema-changes/reconciler-options.js';

const change = (path: string | null, more: Partial<Change> = {}): Change => ({
  kind: 'ADD_COLUMN',
  path,
  fromType: null,
  toType: 'STRING',
  messageId: 'm1',
  sample: null,
  changedAtMs: 1,
  ...more,
});

function aChange(...attributed: readonly Change[]): TableChange {
  return {
    tableId: 't',
    action: 'changed',
    changes: [],
    attributed,
    causes: ['m1'],
    version: 7,
    durationMs: 0,
  };
}

const failure = (code: 'UNAVAILABLE' | 'INVALID'): CloudError => new CloudError({ code, message: code });

let history: InMemoryHistory;
let failures: string[];

beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
  history = new InMemoryHistory();
  failures = [];
});

afterEach(() => {
  jest.useRealTimers();
});

function aWriter(more: Partial<HistoryWriterOptions> = {}): HistoryWriter {
  return new HistoryWriter({
    history,
    actor: 'table-manager@1',
    random: () => 1,
    onFailure: ({ code }, waiting) => failures.push(`${code} ${waiting} at ${Date.now()}`),
    ...more,
  });
}

const recorded = (): readonly string[] =>
  history.records.map(({ kind, path, actor }) => `${kind} ${path ?? ''} ${actor}`);

describe('HistoryWriter', () => {
  it('records changes as ours, and the drop before a table was recreated', async () => {
    const writer = aWriter();

    writer.record(aChange(change(null, { kind: 'RECREATE_TABLE', toType: null }), change('a')));
    await jest.runAllTimersAsync();

    expect(recorded()).toEqual([
      'DROP_TABLE  unknown',
      'RECREATE_TABLE  table-manager@1',
      'ADD_COLUMN a table-manager@1',
    ]);
    expect(new Set(history.records.map(({ changeId }) => changeId)).size).toBe(3);
  });

  it('tries again, ever later, and keeps the order', async () => {
    const writer = aWriter();
    history.failNext(failure('UNAVAILABLE'), failure('UNAVAILABLE'));

    writer.record(aChange(change('a')));
    await jest.advanceTimersByTimeAsync(0);
    writer.record(aChange(change('b')));
    await jest.runAllTimersAsync();

    expect(failures).toEqual(['UNAVAILABLE 1 at 0', 'UNAVAILABLE 2 at 500']);
    expect(recorded()).toEqual(['ADD_COLUMN a table-manager@1', 'ADD_COLUMN b table-manager@1']);
    expect(writer.waiting).toBe(0);
  });

  it('leaves out records that are never accepted, so that the rest is stored', async () => {
    const writer = aWriter();
    history.failNext(failure('INVALID'));

    writer.record(aChange(change('a')));
    await jest.runAllTimersAsync();
    writer.record(aChange(change('b')));
    await jest.runAllTimersAsync();

    expect(failures).toEqual(['INVALID 0 at 0']);
    expect(recorded()).toEqual(['ADD_COLUMN b table-manager@1']);
  });

  it('keeps no more than it may', async () => {
    const writer = aWriter({ maxQueued: 2 });
    history.failNext(failure('UNAVAILABLE'));

    writer.record(aChange(change('a'), change('b'), change('c')));
    await jest.runAllTimersAsync();

    expect(history.records.map(({ path }) => path)).toEqual(['a', 'b']);
  });

  it('tries once more when it stops, and ends', async () => {
    const writer = aWriter();
    history.failNext(failure('UNAVAILABLE'));
    writer.record(aChange(change('a')));
    await jest.advanceTimersByTimeAsync(0);

    await writer.stop();

    expect(recorded()).toEqual(['ADD_COLUMN a table-manager@1']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('ends although nothing can be appended', async () => {
    const writer = aWriter();
    history.failNext(...Array.from({ length: 9 }, () => failure('UNAVAILABLE')));
    writer.record(aChange(change('a')));
    await jest.advanceTimersByTimeAsync(0);

    await writer.stop();

    expect(history.records).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
  });
});
