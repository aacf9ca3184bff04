import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { decodeEvent, fit, PIPELINE_COLUMNS, type DecodedEvent } from '@pipeline/schema-inference';
import { InMemoryHistory, InMemoryTables } from '@pipeline/testing';
import { HistoryAuditor } from '../history/history-auditor.js';
import { HistoryWriter } from '../history/history-writer.js';
import { TableReconciler } from './table-reconciler.js';

const EVENTS = 20_000;
const FIELDS = 50;
const REPLICAS = 4;
const LATENCY_MS = 60;

function anEvent(index: number, newest: number): DecodedEvent {
  const fields = { [`f${newest}`]: 1, [`f${index % (newest + 1)}`]: 1 };
  const decoded = decodeEvent({
    data: Buffer.from(JSON.stringify({ event_type: 't', ...fields })),
    attributes: {},
  });
  if (decoded.kind === 'rejected') {
    throw new Error(decoded.detail);
  }
  return decoded.event;
}

/** Numbers in [0, 1) that are the same in every run. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

let tables: InMemoryTables;
let history: InMemoryHistory;

beforeEach(() => {
  jest.useFakeTimers({ now: Date.parse('2026-11-23T00:00:00Z') });
  tables = new InMemoryTables();
  tables.latencyMs = LATENCY_MS;
  history = new InMemoryHistory();
});

afterEach(() => {
  jest.useRealTimers();
});

interface Replica {
  readonly reconciler: TableReconciler;
  readonly writer: HistoryWriter;
  readonly auditor: HistoryAuditor;
}

function aReplica(random: () => number): Replica {
  const actor = 'table-manager@1';
  const writer = new HistoryWriter({ history, actor });
  const auditor = new HistoryAuditor({
    store: tables,
    history,
    actor,
    random,
    report: (records) => {
      writer.append(records);
    },
  });
  const reconciler = new TableReconciler({
    store: tables,
    random,
    onChange: (change) => {
      writer.record(change);
    },
    onDiscovered: (tableId) => {
      auditor.schedule(tableId);
    },
  });
  return { reconciler, writer, auditor };
}

/** Until nothing of the event is pending, as a delivery does it; a failed round is a delivery more. */
async function store({ reconciler }: Replica, event: DecodedEvent, cause: string): Promise<void> {
  for (;;) {
    const known = reconciler.known('t');
    if (known !== undefined && fit(event, known.compiled, { verdictOnly: true }).pending.length === 0) {
      return;
    }
    const pendingIn = (compiled: Parameters<typeof fit>[1]) =>
      fit(event, compiled, { verdictOnly: true }).pending;
    await reconciler.reconcile('t', { pendingIn, cause }).catch(() => undefined);
  }
}

function updates(): readonly string[] {
  return tables.calls.filter((call) => /^(create|patchSchema|changeTypes) /.test(call));
}

describe('a burst of one new type with 50 new fields at 4 replicas', () => {
  it.each([
    ['within 10 s', 10_000],
    ['within 30 s', 30_000],
    ['within 60 s', 60_000],
  ])('%s takes at most 40 updates of the table, failed ones included', async (_name, burstMs) => {
    const random = dice(burstMs);
    const replicas = Array.from({ length: REPLICAS }, () => aReplica(random));
    const pending: Promise<void>[] = [];
    for (let index = 0; index < EVENTS; index++) {
      if (index % 100 === 0) {
        await jest.advanceTimersByTimeAsync((burstMs * 100) / EVENTS);
      }
      const event = anEvent(index, Math.floor((index * FIELDS) / EVENTS));
      const replica = replicas[Math.floor(random() * REPLICAS)] as Replica;
      pending.push(store(replica, event, `m${index}`));
    }
    await jest.advanceTimersByTimeAsync(60_000);
    await Promise.all(pending);
    await Promise.all(replicas.map(({ reconciler }) => reconciler.stop()));

    expect(tables.columnNames('t').filter((name) => name.startsWith('f'))).toHaveLength(FIELDS);
    expect(updates().length).toBeLessThanOrEqual(40);
    const recorded = await history.read(['t']);
    expect(recorded.map(({ kind, path }) => `${kind} ${path ?? ''}`).sort()).toEqual(
      [
        'CREATE_TABLE ',
        ...tables
          .columnNames('t')
          .slice(PIPELINE_COLUMNS.length)
          .map((name) => `ADD_COLUMN ${name}`),
      ].sort(),
    );
  });
});
