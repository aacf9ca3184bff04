import type { Cell } from '../rules/cell.js';
import type { Field } from '../rules/field-schema.js';
import { CoercionFailure } from '../rules/scalar-coercion.js';
import { type AvroColumn, readRecord } from './avro-columns.js';
import { AvroFailure } from './avro-container.js';
import type { RecordResult } from './record-result.js';

/**
 * Rows of an Avro file as cells of a table.
 *
 * Errors: {@link AvroFailure} for a column of the file that the table lacks (unless `ignoreUnknown`) or has with another
 * type; INTEGER goes into NUMERIC, BIGNUMERIC and FLOAT, NUMERIC into BIGNUMERIC.
 */
export function* readAvro(
  records: Iterable<unknown>,
  columns: readonly AvroColumn[],
  target: { readonly fields: readonly Field[]; readonly ignoreUnknown: boolean },
): Generator<RecordResult> {
  const source = columns.map(({ field }) => field);
  const convert = recordInto(source, target.fields, target.ignoreUnknown);
  let row = 0;
  for (const record of records) {
    yield read(record, columns, convert, row);
    row += 1;
  }
}

type Convert = (cell: Cell) => Cell;

function read(
  record: unknown,
  columns: readonly AvroColumn[],
  convert: (cells: readonly Cell[]) => readonly Cell[],
  row: number,
): RecordResult {
  try {
    return { kind: 'row', cells: convert(readRecord(columns, record)) };
  } catch (error) {
    if (!(error instanceof CoercionFailure)) throw error;
    return { kind: 'bad', message: `Avro parsing error in row ${row}: ${error.message}` };
  }
}

function recordInto(
  source: readonly Field[],
  target: readonly Field[],
  ignoreUnknown: boolean,
  above = '',
): (cells: readonly Cell[]) => readonly Cell[] {
  const byName = new Map(source.map((field, index) => [field.name.toLowerCase(), { field, index }]));
  const parts = target.map((field) => {
    const found = byName.get(field.name.toLowerCase());
    byName.delete(field.name.toLowerCase());
    const path = `${above}${field.name}`;
    if (found !== undefined)
      return { index: found.index, convert: cellInto(found.field, field, { path, ignoreUnknown }) };
    if (field.mode === 'REQUIRED') throw new AvroFailure(`The file lacks the required field ${path}.`);
    return { index: -1, convert: () => (field.mode === 'REPEATED' ? [] : null) };
  });
  const [unknown] = byName.values();
  if (unknown !== undefined && !ignoreUnknown)
    throw new AvroFailure(`no such field: ${above}${unknown.field.name}.`);
  return (cells) => parts.map(({ index, convert }) => convert(cells[index] ?? null));
}

interface Place {
  readonly path: string;
  readonly ignoreUnknown: boolean;
}

function cellInto(source: Field, target: Field, place: Place): Convert {
  const { path } = place;
  if ((source.mode === 'REPEATED') !== (target.mode === 'REPEATED'))
    throw new AvroFailure(`Field ${path} has changed mode from ${target.mode} to ${source.mode}`);
  const single = singleInto(source, target, place);
  if (source.mode === 'REPEATED') return (cell) => (cell as readonly Cell[]).map(single);
  return (cell) => {
    if (cell !== null) return single(cell);
    if (target.mode !== 'REQUIRED') return null;
    throw new CoercionFailure(`Missing required field: ${path}.`);
  };
}

function singleInto(source: Field, target: Field, { path, ignoreUnknown }: Place): Convert {
  if (source.type === 'RECORD' && target.type === 'RECORD') {
    const convert = recordInto(source.fields ?? [], target.fields ?? [], ignoreUnknown, `${path}.`);
    return (cell) => convert(cell as readonly Cell[]);
  }
  if (source.type === target.type) return (cell) => cell;
  const widen = WIDENINGS[`${source.type} ${target.type}`];
  if (widen === undefined)
    throw new AvroFailure(`Field ${path} has changed type from ${target.type} to ${source.type}`);
  return widen;
}

const WIDENINGS: Readonly<Record<string, Convert>> = {
  'INTEGER NUMERIC': (cell) => (cell as bigint) * 10n ** 9n,
  'INTEGER BIGNUMERIC': (cell) => (cell as bigint) * 10n ** 38n,
  'INTEGER FLOAT': Number,
  'NUMERIC BIGNUMERIC': (cell) => (cell as bigint) * 10n ** 29n,
};
