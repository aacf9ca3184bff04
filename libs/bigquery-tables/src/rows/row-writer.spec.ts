import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CloudError } from '@pipeline/google-clients';
import type { Column } from '@pipeline/schema-inference';
import type { AppendAnswer, AppendRow, RowAppender } from './row-appender.port.js';
import type { WriteOutcome, WriteRow } from './row-write.js';
import { RowWriter } from './row-writer.js';

type Answer = AppendAnswer | CloudError;
const stored: Answer = { kind: 'answered', errors: [] };

/** Answers as scripted (then `stored`) and writes down every request with its time. */
class ScriptedAppender implements RowAppender {
  readonly requests: string[] = [];
  isClosed = false;

  constructor(private readonly script: Answer[] = []) {}

  append(tableId: string, rows: readonly AppendRow[]): Promise<AppendAnswer> {
    this.requests.push(`${Date.now()} ${tableId} ${rows.map((row) => row.insertId).join(',')}`);
    const answer = this.script.shift() ?? stored;
    return answer instanceof CloudError ? Promise.reject(answer) : Promise.resolve(answer);
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}

const COLUMNS: readonly Column[] = [{ name: 'a', type: 'STRING', mode: 'NULLABLE' }];

function aRow(insertId: string, change: Partial<WriteRow> = {}): WriteRow {
  return { insertId, row: { a: insertId }, columns: COLUMNS, bytes: 10, deadlineAtMs: 8_000, ...change };
}

async function outcomes(writes: readonly Promise<WriteOutcome>[]): Promise<readonly string[]> {
  const results = Promise.allSettled(writes);
  await jest.runAllTimersAsync();
  return (await results).map((result) =>
    result.status === 'fulfilled' ? result.value.kind : (result.reason as CloudError).code,
  );
}

const error = (code: ConstructorParameters<typeof CloudError>[0]['code']): CloudError =>
  new CloudError({ code, message: code });
const options = { random: () => 1, backoff: { firstMs: 100, maxMs: 400 } };

beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
});

afterEach(() => {
  jest.useRealTimers();
});

describe('RowWriter', () => {
  it('gathers rows for ten milliseconds, table by table', async () => {
    const appender = new ScriptedAppender();
    const writer = new RowWriter({ appender, ...options });

    const writes = [writer.write('t', aRow('1')), writer.write('u', aRow('2')), writer.write('t', aRow('3'))];

    expect(await outcomes(writes)).toEqual(['stored', 'stored', 'stored']);
    expect(appender.requests).toEqual(['10 t 1,3', '10 u 2']);
  });

  it('sends at once when the rows or the bytes of a request are full', async () => {
    const appender = new ScriptedAppender();
    const writer = new RowWriter({ appender, ...options, maxRows: 2, maxBytes: 25 });

    const writes = [
      writer.write('t', aRow('1')),
      writer.write('t', aRow('2')),
      writer.write('u', aRow('3', { bytes: 20 })),
      writer.write('u', aRow('4', { bytes: 20 })),
    ];

    expect(await outcomes(writes)).toEqual(['stored', 'stored', 'stored', 'stored']);
    expect(appender.requests).toEqual(['0 t 1,2', '0 u 3', '0 u 4']);
  });

  it('holds rows back while too many requests are under way', async () => {
    const appender = new ScriptedAppender();
    const writer = new RowWriter({ appender, ...options, maxRows: 1, maxRequests: 1 });

    const writes = ['1', '2', '3'].map((id) => writer.write('t', aRow(id)));

    expect(appender.requests).toEqual(['0 t 1']);
    expect(await outcomes(writes)).toEqual(['stored', 'stored', 'stored']);
    expect(appender.requests).toEqual(['0 t 1', '0 t 2', '0 t 3']);
  });

  it('takes a missing table and an unknown field for not yet, and tries again', async () => {
    const notYet: string[] = [];
    const unknown: Answer = {
      kind: 'answered',
      errors: [{ index: 1, kind: 'unknown-field', message: 'no such field: b' }],
    };
    const appender = new ScriptedAppender([{ kind: 'missing', message: 'Not found' }, unknown]);
    const writer = new RowWriter({
      appender,
      ...options,
      onNotYet: (tableId, id) => notYet.push(`${tableId} ${id}`),
    });

    const writes = [writer.write('t', aRow('1')), writer.write('t', aRow('2'))];

    expect(await outcomes(writes)).toEqual(['stored', 'stored']);
    expect(appender.requests).toEqual(['10 t 1,2', '120 t 1,2', '330 t 2']);
    expect(notYet).toEqual(['t 1', 't 2']);
  });

  it('gives up on not yet at the deadline and says so', async () => {
    const appender = new ScriptedAppender(Array<Answer>(9).fill({ kind: 'missing', message: 'Not found' }));
    const writer = new RowWriter({ appender, ...options });

    expect(await outcomes([writer.write('t', aRow('1', { deadlineAtMs: 700 }))])).toEqual(['not-yet']);
    expect(appender.requests).toEqual(['10 t 1', '120 t 1', '330 t 1']);
  });

  it('gives up on not yet after a while, long before the deadline, so that others get their turn', async () => {
    const appender = new ScriptedAppender(Array<Answer>(9).fill({ kind: 'missing', message: 'Not found' }));
    const writer = new RowWriter({ appender, ...options, notYetMs: 1_000 });

    expect(await outcomes([writer.write('t', aRow('1'))])).toEqual(['not-yet']);
    expect(appender.requests).toEqual(['10 t 1', '120 t 1', '330 t 1', '740 t 1', '1020 t 1']);
  });

  it('ends the wait for a column when the row’s time to wait is over, with a last try then', async () => {
    const unknown: Answer = {
      kind: 'answered',
      errors: [{ index: 0, kind: 'unknown-field', message: 'no such field: b' }],
      writerColumns: COLUMNS,
    };
    const appender = new ScriptedAppender(Array<Answer>(9).fill(unknown));
    const writer = new RowWriter({ appender, ...options });
    const outcome = writer.write('t', aRow('1', { waitsUntilMs: 400 }));
    await jest.runAllTimersAsync();

    expect(await outcome).toEqual({ kind: 'not-yet', message: 'no such field: b', writerColumns: COLUMNS });
    expect(appender.requests).toEqual(['10 t 1', '120 t 1', '330 t 1', '410 t 1']);
  });

  it('tries once when the time to wait is over already, and a transient failure until the deadline', async () => {
    const appender = new ScriptedAppender([error('UNAVAILABLE'), { kind: 'missing', message: 'Not found' }]);
    const writer = new RowWriter({ appender, ...options });

    expect(await outcomes([writer.write('t', aRow('1', { waitsUntilMs: -1 }))])).toEqual(['not-yet']);
    expect(appender.requests).toEqual(['10 t 1', '120 t 1']);
  });

  it('reports every append and every row that is retried', async () => {
    const reported: string[] = [];
    const bad: Answer = { kind: 'answered', errors: [{ index: 0, kind: 'unknown-field', message: 'b' }] };
    const appender = new ScriptedAppender([bad, error('RATE_LIMITED')]);
    const writer = new RowWriter({
      appender,
      ...options,
      onAppend: ({ tableId, rows, bytes, outcome }) =>
        reported.push(`${tableId} ${rows} ${bytes} ${outcome}`),
      onRetry: (tableId, cause) => reported.push(`${tableId} ${cause}`),
    });

    await outcomes([writer.write('t', aRow('1')), writer.write('t', aRow('2'))]);

    expect(reported).toEqual([
      't 2 20 answered',
      't not-yet',
      't 1 10 RATE_LIMITED',
      't transient',
      't 1 10 answered',
    ]);
  });

  it('rejects the bad row alone', async () => {
    const bad: Answer = { kind: 'answered', errors: [{ index: 0, kind: 'invalid', message: 'bad' }] };
    const writer = new RowWriter({ appender: new ScriptedAppender([bad]), ...options });

    expect(await outcomes([writer.write('t', aRow('1')), writer.write('t', aRow('2'))])).toEqual([
      'rejected',
      'stored',
    ]);
  });

  it('sends a row again that could not be stored beside a bad one', async () => {
    const answer: Answer = {
      kind: 'answered',
      errors: [
        { index: 0, kind: 'invalid', message: 'bad' },
        { index: 1, kind: 'transient', message: 'busy' },
      ],
    };
    const writer = new RowWriter({ appender: new ScriptedAppender([answer]), ...options });

    expect(await outcomes([writer.write('t', aRow('1')), writer.write('t', aRow('2'))])).toEqual([
      'rejected',
      'stored',
    ]);
  });

  it('finds the row that spoils a whole request by halves', async () => {
    const appender = new ScriptedAppender([
      error('INVALID'),
      stored,
      error('INVALID'),
      stored,
      error('INVALID'),
    ]);
    const writer = new RowWriter({ appender, ...options });

    const writes = ['1', '2', '3', '4'].map((id) => writer.write('t', aRow(id)));

    expect(await outcomes(writes)).toEqual(['stored', 'stored', 'stored', 'rejected']);
    expect(appender.requests).toEqual(['10 t 1,2,3,4', '10 t 1,2', '10 t 3,4', '10 t 3', '10 t 4']);
  });

  it('tries a transient failure again until the deadline, a setup failure never', async () => {
    const transient = new ScriptedAppender([error('UNAVAILABLE'), error('RATE_LIMITED')]);
    const lasting = new ScriptedAppender(Array<Answer>(9).fill(error('UNAVAILABLE')));
    const setup = new ScriptedAppender([error('PERMISSION_DENIED')]);

    const writes = [transient, lasting, setup].map((appender) =>
      new RowWriter({ appender, ...options }).write('t', aRow('1', { deadlineAtMs: 700 })),
    );

    expect(await outcomes(writes)).toEqual(['stored', 'UNAVAILABLE', 'PERMISSION_DENIED']);
    expect([transient, lasting, setup].map((appender) => appender.requests.length)).toEqual([3, 3, 1]);
  });

  it('does not send a row whose deadline passed while other requests were under way', async () => {
    const appender = new ScriptedAppender();
    const append = appender.append.bind(appender);
    appender.append = async (tableId, rows) => {
      const answer = await append(tableId, rows);
      return new Promise((resolve) => setTimeout(resolve, 1_000, answer));
    };
    const writer = new RowWriter({ appender, ...options, maxRows: 2, maxRequests: 1 });

    const writes = [700, 8_000, 1_000, 8_000, 900].map((deadlineAtMs, index) =>
      writer.write('t', aRow(String(index), { deadlineAtMs })),
    );

    expect(await outcomes(writes)).toEqual(['stored', 'stored', 'UNAVAILABLE', 'stored', 'UNAVAILABLE']);
    expect(appender.requests).toEqual(['0 t 0,1', '1000 t 3']);
  });

  it('does not send the halves of a refused request after the deadline', async () => {
    const appender = new ScriptedAppender();
    appender.append = () => new Promise((_resolve, reject) => setTimeout(reject, 1_000, error('INVALID')));
    const writer = new RowWriter({ appender, ...options, maxRows: 2 });

    const writes = ['1', '2'].map((id) => writer.write('t', aRow(id, { deadlineAtMs: 900 })));

    expect(await outcomes(writes)).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
  });

  it('sends what is queued when it stops, and fails rows that would need a retry', async () => {
    const appender = new ScriptedAppender([{ kind: 'missing', message: 'Not found' }]);
    const writer = new RowWriter({ appender, ...options });
    const waiting = writer.write('t', aRow('1'));
    await jest.advanceTimersByTimeAsync(15);
    const queued = writer.write('u', aRow('2'));

    await writer.stop();

    expect(appender.isClosed).toBe(true);
    expect([(await waiting).kind, (await queued).kind]).toEqual(['not-yet', 'stored']);
    expect(appender.requests).toEqual(['10 t 1', '15 u 2']);
    expect(jest.getTimerCount()).toBe(0);
  });
});
