import { describe, expect, it } from '@jest/globals';
import { CloudError } from '@pipeline/google-clients';
import type { Column } from '@pipeline/schema-inference';
import type { AppendReply } from './append-channel.port.js';
import type { AppendAnswer, AppendRow } from './row-appender.port.js';
import type { RowEncoder } from './row-encoder.js';
import { TableRowWriter } from './table-row-writer.js';

const column = (name: string, type: Column['type'] = 'STRING'): Column => ({ name, type, mode: 'NULLABLE' });
const A: readonly Column[] = [column('a')];
const AB: readonly Column[] = [...A, column('b')];

const row = (columns: readonly Column[], values: Readonly<Record<string, unknown>>): AppendRow => ({
  insertId: 'x',
  row: values,
  columns,
});

const stored: AppendReply = { kind: 'stored' };
const failed = (status: number, message: string): AppendReply => ({
  kind: 'failed',
  failure: { status, message, storageError: null },
});

/** BigQuery's writers as they are for one table: what they know, and what they say about single requests. */
class Writers {
  readonly requests: string[] = [];
  script: AppendReply[] = [];
  /** Columns they take; `says` are those they say they know. */
  knows = new Set(['a']);
  says: readonly Column[] | null = A;
  readonly table = new TableRowWriter({
    tableId: 't',
    send: (encoder, rows) => Promise.resolve(this.#answer(encoder, rows)),
    askColumns: () => {
      this.requests.push('ask');
      return Promise.resolve(this.says);
    },
  });

  #answer(encoder: RowEncoder, rows: readonly Uint8Array[]): AppendReply {
    const names = encoder.columns.map(({ name }) => name);
    this.requests.push(`${rows.length} (${names.join(' ')})`);
    const scripted = this.script.shift();
    if (scripted !== undefined) return scripted;
    const extra = names.find((name) => !this.knows.has(name));
    return extra === undefined
      ? stored
      : failed(3, `Schema mismatch due to extra fields in user schema: ${extra}`);
  }
}

/** `index:kind` of every error. */
function described(answer: AppendAnswer): string {
  return answer.kind === 'missing'
    ? answer.kind
    : answer.errors.map(({ index, kind }) => `${index}:${kind}`).join(' ');
}

describe('TableRowWriter', () => {
  it('writes all rows in one request, whichever reading they were made for', async () => {
    const writers = new Writers();
    await writers.table.append([row(A, { a: '1' })]);

    expect(described(await writers.table.append([row(A, { a: '1' }), row([...A], { a: '2' })]))).toBe('');
    expect(writers.requests).toEqual(['1 (a)', '2 (a)']);
  });

  it('lets only rows wait that need what the writers have not learnt', async () => {
    const writers = new Writers();
    await writers.table.append([row(A, { a: '1' })]);
    const answer = await writers.table.append([row(AB, { a: '1', b: 'x' }), row(AB, { a: '2' })]);

    expect(answer).toMatchObject({
      kind: 'answered',
      errors: [{ index: 0, kind: 'unknown-field', message: expect.stringContaining('b') as unknown }],
      writerColumns: A,
    });
    expect(writers.requests).toEqual(['1 (a)', '1 (a)', '1 (a b)']);
  });

  it('uses new columns for all rows once the writers took them', async () => {
    const writers = new Writers();
    await writers.table.append([row(A, { a: '1' })]);
    writers.knows.add('b');
    await writers.table.append([row(AB, { b: 'x' })]);
    await writers.table.append([row(AB, { b: 'x' }), row(A, { a: '1' })]);

    expect(writers.requests).toEqual(['1 (a)', '1 (a b)', '2 (a b)']);
  });

  it('asks the writers what they know when it knows nothing itself', async () => {
    const writers = new Writers();
    const answer = await writers.table.append([row(AB, { b: 'x' }), row(AB, { a: '1' })]);

    expect(described(answer)).toBe('0:unknown-field');
    expect(answer).toMatchObject({ writerColumns: [{ name: 'a' }] });
    expect(writers.requests).toEqual(['2 (a b)', 'ask', '1 (a)']);
  });

  it('waits with every row when the writers say that they know it all, and refuse it all the same', async () => {
    const writers = new Writers();
    writers.says = AB;
    const answer = await writers.table.append([row(AB, { b: 'x' }), row(AB, { a: '1' })]);

    expect(described(answer)).toBe('0:unknown-field 1:unknown-field');
    expect(answer).not.toHaveProperty('writerColumns');
  });

  it('waits with every row when they refuse what they said', async () => {
    const writers = new Writers();
    writers.knows = new Set();
    const answer = await writers.table.append([row(AB, { b: 'x' }), row(AB, { a: '1' })]);

    expect(described(answer).split(' ').sort()).toEqual(['0:unknown-field', '1:unknown-field']);
    expect(answer).not.toHaveProperty('writerColumns');
  });

  it('asks again when a column is gone that the writers knew', async () => {
    const writers = new Writers();
    writers.knows.add('b');
    await writers.table.append([row(AB, { b: 'x' })]);
    writers.knows.delete('b');

    expect(described(await writers.table.append([row(AB, { b: 'x' }), row(AB, { a: '1' })]))).toBe(
      '0:unknown-field',
    );
    expect(writers.requests).toEqual(['1 (a b)', '2 (a b)', 'ask', '1 (a)']);
  });

  it('forgets the accepted columns when a column has another type', async () => {
    const writers = new Writers();
    await writers.table.append([row(A, { a: '1' })]);
    const numbers = [column('a', 'INT64')];

    expect(described(await writers.table.append([row(numbers, { a: 1 })]))).toBe('');
    expect(described(await writers.table.append([row(numbers, { a: 2 })]))).toBe('');
  });

  it('sends the good rows again without those that BigQuery finds at fault', async () => {
    const writers = new Writers();
    const errors = [{ index: 1, message: 'bad' }];
    writers.script = [
      { kind: 'row-errors', errors },
      { kind: 'row-errors', errors },
    ];
    const answer = await writers.table.append(['1', '2', '3', '4'].map((a) => row(A, { a })));

    expect(described(answer)).toBe('1:invalid 2:invalid');
    expect(writers.requests).toEqual(['4 (a)', '3 (a)', '2 (a)']);
  });

  it('leaves rows for later when BigQuery names none at fault', async () => {
    const writers = new Writers();
    writers.script = [{ kind: 'row-errors', errors: [] }];

    expect(described(await writers.table.append([row(A, { a: '1' })]))).toBe('0:transient');
  });

  it('rejects a value that its own column does not hold', async () => {
    const writers = new Writers();

    expect(described(await writers.table.append([row(A, { a: 1 }), row(A, { a: '1' })]))).toBe('0:invalid');
    expect(writers.requests).toEqual(['1 (a)']);
  });

  it('splits rows by their bytes', async () => {
    const writers = new Writers();
    const a = 'x'.repeat(4_000_000);

    expect(described(await writers.table.append([row(A, { a }), row(A, { a }), row(A, { a })]))).toBe('');
    expect(writers.requests).toEqual(['2 (a)', '1 (a)']);
  });

  it('rejects a row that no request can hold', async () => {
    const writers = new Writers();

    expect(described(await writers.table.append([row(A, { a: 'x'.repeat(10_000_001) })]))).toBe('0:invalid');
    expect(writers.requests).toEqual([]);
  });

  it('says that the table is missing', async () => {
    const writers = new Writers();
    writers.script = [failed(5, 'Requested entity was not found.')];

    expect(described(await writers.table.append([row(A, { a: '1' })]))).toBe('missing');
  });

  it('throws when nothing is known of any row', async () => {
    const writers = new Writers();
    writers.script = [failed(14, 'away')];

    await expect(writers.table.append([row(A, { a: '1' })])).rejects.toThrow(CloudError);
  });

  it('keeps what is stored apart from what failed beside it', async () => {
    const writers = new Writers();
    await writers.table.append([row(A, { a: '1' })]);
    writers.script = [stored, failed(14, 'away')];

    expect(described(await writers.table.append([row(A, { a: '1' }), row(AB, { b: 'x' })]))).toBe(
      '1:transient',
    );
  });

  it('writes nothing for no rows', async () => {
    expect(described(await new Writers().table.append([]))).toBe('');
  });
});
