import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  buildRow,
  compileSchema,
  decodeEvent,
  fit,
  PIPELINE_COLUMNS,
  type Column,
  type ColumnType,
} from '@pipeline/schema-inference';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RowAppender } from './row-appender.port.js';
import { comparable, differences, StorageWriteBed } from './storage-write.builder.js';

interface Vector {
  readonly name: string;
  readonly schema?: { readonly columns?: readonly VectorColumn[]; readonly closed?: boolean };
  readonly event: string | readonly (string | { readonly repeat?: string; readonly times?: number })[];
}
interface VectorColumn extends Omit<Column, 'mode' | 'columns'> {
  readonly mode?: Column['mode'];
  readonly columns?: readonly VectorColumn[];
}

const VECTORS = join(import.meta.dirname, '../../../../test/contracts');
/** Types of columns that the embedded BigQuery has not; no JSON value fits them. */
const UNSUPPORTED: readonly ColumnType[] = ['INTERVAL', 'RANGE'];
/** The table below has one more level than the columns of a case. */
const MAX_DEPTH = 14;
/** DuckDB's client leaves out U+FEFF in front of a text it reads; row-encoder.spec.ts has it. */
const LOST_IN_READING = /"\uFEFF/;
const CASES_OF_A_TABLE = 20;
/** A row beyond this is TOO_LARGE, or makes the suite slow. */
const MAX_BYTES = 1_000_000;

function toColumns(columns: readonly VectorColumn[]): Column[] {
  return columns
    .filter(({ type }) => !UNSUPPORTED.includes(type))
    .map(({ name, type, mode = 'NULLABLE', columns: nested }) => ({
      name,
      type,
      // What a case says nothing of is missing, also where the column is REQUIRED.
      mode: mode === 'REQUIRED' ? 'NULLABLE' : mode,
      ...(nested === undefined ? {} : { columns: toColumns(nested) }),
    }));
}

function depthOf(columns: readonly Column[]): number {
  return Math.max(
    0,
    ...columns.map(({ columns: nested }) => (nested === undefined ? 0 : 1 + depthOf(nested))),
  );
}

interface RowOfVector {
  readonly row: object;
  readonly columns: readonly Column[];
}

/** The row and the columns of a case; null where it makes no row. */
function rowOf({
  schema,
  event,
}: Vector): { readonly row: object; readonly columns: readonly Column[] } | null {
  const texts = (typeof event === 'string' ? [event] : event).map((piece) =>
    typeof piece === 'string' ? piece : (piece.repeat ?? '').repeat(piece.times ?? 0),
  );
  const decoded = decodeEvent({ data: Buffer.from(texts.join('')), attributes: { event_type: 't' } });
  if (decoded.kind === 'rejected') return null;
  const vectorColumns = schema?.columns ?? [];
  const whole = vectorColumns.map(({ mode = 'NULLABLE', ...column }) => ({ ...column, mode })) as Column[];
  const compiled = compileSchema({
    columns: [...PIPELINE_COLUMNS, ...whole],
    closed: schema?.closed ?? false,
  });
  const fitted = fit(decoded.event, compiled, { pending: 'overflow' });
  const message = { messageId: 'm', publishTime: '2026-11-22T23:05:00.123456Z' };
  const built = buildRow(message, decoded.event, fitted, '2026-11-22T23:05:01Z');
  if (
    built.kind === 'rejected' ||
    built.bytes > MAX_BYTES ||
    LOST_IN_READING.test(JSON.stringify(built.row))
  ) {
    return null;
  }
  return { row: { ...built.row }, columns: [...PIPELINE_COLUMNS, ...toColumns(vectorColumns)] };
}

const PIPELINE_NAMES = PIPELINE_COLUMNS.map(({ name }) => name);

function withoutPipelineColumns({ row, columns }: RowOfVector): RowOfVector {
  const kept = Object.entries(row).filter(([name]) => name === '_overflow' || !PIPELINE_NAMES.includes(name));
  return {
    row: Object.fromEntries(kept),
    columns: columns.filter(({ name }) => name === '_overflow' || !PIPELINE_NAMES.includes(name)),
  };
}

/** Every row; the pipeline's columns, which are the same in all of them, only where they are what a suite is about. */
const vectors = ['rows', 'rebuild', 'fit'].flatMap((file) => {
  const suite = JSON.parse(readFileSync(join(VECTORS, `${file}.json`), 'utf8')) as {
    readonly cases: readonly Vector[];
  };
  const cases = suite.cases.flatMap((vector) => rowOf(vector) ?? []);
  return file === 'rows' ? cases : cases.map(withoutPipelineColumns);
});

const two = (number: number): string => String(number).padStart(2, '0');
const day = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const time = fc
  .tuple(fc.nat(23), fc.nat(59), fc.nat(59), fc.option(fc.nat(999_999)))
  .map(([hour, minute, second, micros]) => {
    const fraction = micros === null ? '' : `.${String(micros).padStart(6, '0')}`;
    return `${two(hour)}:${two(minute)}:${two(second)}${fraction}`;
  });
const text = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((value) => !value.startsWith('\uFEFF'));
const decimal = (before: number, after: number): fc.Arbitrary<string> =>
  fc
    .tuple(fc.boolean(), fc.nat(before), fc.nat(after), fc.infiniteStream(fc.nat(9)))
    .map(([isNegative, integers, fractions, stream]) => {
      const digits = (count: number): string => [...stream.take(count)].join('');
      const integer = digits(integers).replace(/^0+/, '') || '0';
      const fraction = digits(fractions).replace(/0+$/, '');
      const value = fraction === '' ? integer : `${integer}.${fraction}`;
      return isNegative && /[1-9]/.test(value) ? `-${value}` : value;
    });
const integer = fc
  .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
  .map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : String(value)));

/** A value of each type, as rows have them. */
const VALUES: readonly [ColumnType, fc.Arbitrary<unknown>][] = [
  ['BOOL', fc.boolean()],
  ['INT64', integer],
  ['NUMERIC', decimal(29, 9)],
  ['BIGNUMERIC', decimal(38, 38)],
  ['FLOAT64', fc.double({ noNaN: true, noDefaultInfinity: true })],
  ['STRING', text],
  ['DATE', day],
  ['DATETIME', fc.tuple(day, time).map(([date, clock]) => `${date}T${clock}`)],
  ['TIMESTAMP', fc.tuple(day, time).map(([date, clock]) => `${date}T${clock}Z`)],
  ['JSON', fc.jsonValue({ noUnicodeString: false }).map((value) => JSON.stringify(value))],
];
const SCALARS: readonly Column[] = VALUES.flatMap(([type]): Column[] => [
  { name: `one_${type}`, type, mode: 'NULLABLE' },
  { name: `many_${type}`, type, mode: 'REPEATED' },
]);
const ALL_TYPES: readonly Column[] = [
  ...SCALARS,
  { name: 'record', type: 'RECORD', mode: 'NULLABLE', columns: SCALARS },
  { name: 'records', type: 'RECORD', mode: 'REPEATED', columns: SCALARS },
];
const scalars = fc.record(
  Object.fromEntries(
    VALUES.flatMap(([type, value]) => [
      [`one_${type}`, fc.option(value)],
      [`many_${type}`, fc.array(value, { maxLength: 4 })],
    ]),
  ),
);
const anyRow = fc
  .tuple(scalars, fc.option(scalars), fc.array(fc.option(scalars), { maxLength: 3 }))
  .map(([top, record, records]) => ({ ...top, record, records }));

describe('values through the Storage Write API', () => {
  let bed: StorageWriteBed;
  let appender: RowAppender;

  beforeAll(async () => {
    bed = await StorageWriteBed.start();
    appender = bed.appender();
  });

  afterAll(async () => {
    await appender.close?.();
    await bed.stop();
  });

  it('come back as every row of the contract vectors has them', async () => {
    const cases = vectors.filter(({ columns }) => depthOf(columns) <= MAX_DEPTH);
    const tables = Math.ceil(cases.length / CASES_OF_A_TABLE);

    const found = await Promise.all(
      Array.from({ length: tables }, (_, table) =>
        roundTrip(`vectors_${table}`, cases.slice(table * CASES_OF_A_TABLE, (table + 1) * CASES_OF_A_TABLE)),
      ),
    );

    expect(cases.length).toBeGreaterThan(300);
    expect(found.flat()).toEqual([]);
  });

  /** Appends one row for each case, in a RECORD of its own, and returns the values that differ. */
  async function roundTrip(table: string, cases: readonly RowOfVector[]): Promise<readonly string[]> {
    const columns: Column[] = cases.map((each, index) => ({
      name: `case_${index}`,
      type: 'RECORD',
      mode: 'NULLABLE',
      columns: each.columns.map((column) => ({
        ...column,
        mode: column.mode === 'REPEATED' ? column.mode : 'NULLABLE',
      })),
    }));
    await bed.create(table, columns);
    const rows = cases.map(({ row }, index) => ({ insertId: '', row: { [`case_${index}`]: row }, columns }));
    const answer = await appender.append(table, rows);
    if (answer.kind === 'missing' || answer.errors.length > 0) return [JSON.stringify(answer)];
    const appended = rows.map(({ row }) => comparable(row, columns));
    return differences(await bed.rows(table, columns), appended);
  }

  it('come back whatever they are, in columns of every type, mode and depth', async () => {
    const seed = Number(process.env['FC_SEED'] ?? Date.now() % 2 ** 31);
    process.stdout.write(`values through the Storage Write API: FC_SEED=${seed}\n`);
    await bed.create('values', [{ name: 'n', type: 'INT64', mode: 'NULLABLE' }, ...ALL_TYPES]);
    const columns: readonly Column[] = [{ name: 'n', type: 'INT64', mode: 'NULLABLE' }, ...ALL_TYPES];
    const numRuns = Number(process.env['FC_RUNS'] ?? 300);
    const rows = fc
      .sample(anyRow, { numRuns, seed })
      .map((row, n) => ({ insertId: String(n), row: { n, ...row }, columns }));

    const answer = await appender.append('values', rows);

    expect(answer).toEqual({ kind: 'answered', errors: [] });
    const read = await bed.rows('values', columns);
    expect(
      differences(
        read,
        rows.map(({ row }) => comparable(row, columns)),
      ),
    ).toEqual([]);
  });
});
