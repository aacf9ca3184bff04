import { invalid } from '../rules/api-error.js';
import type { Cell } from '../rules/cell.js';
import { placeOfField } from '../rules/field-places.js';
import { type Field, sqlTypeName } from '../rules/field-schema.js';
import { CoercionFailure, coerceScalar } from '../rules/scalar-coercion.js';
import type { CsvOptions } from './csv-options.js';
import type { CsvRecord, CsvValue } from './csv-records.js';
import type { RecordResult } from './record-result.js';

/** The table's columns, and those of the file in its order. */
export interface CsvColumns {
  readonly fields: readonly Field[];
  readonly visible: readonly Field[];
}

/**
 * Rows of CSV: columns by their places, values in the forms that load jobs take.
 *
 * Errors: 400 `invalid` for a schema with records or arrays, which CSV cannot hold.
 * Source: docs/loading-data-cloud-storage-csv, from memory; the texts of bad records are those of answers quoted in public.
 */
export async function* readCsv(
  records: AsyncIterable<CsvRecord>,
  { fields, visible }: CsvColumns,
  options: CsvOptions & { readonly ignoreUnknown: boolean },
): AsyncGenerator<RecordResult> {
  for (const { name, type, mode } of visible)
    if (type === 'RECORD' || mode === 'REPEATED')
      throw invalid(`Nested and repeated fields are not supported in CSV. Field: ${name}`);
  const places = visible.map(({ name }) => placeOfField(fields, name));
  const empty: readonly Cell[] = fields.map((field) => (field.mode === 'REPEATED' ? [] : null));
  for await (const record of records) {
    const cells = [...empty];
    const failure = record.failure ?? wrongCount(record, visible.length, options) ?? fill(record, cells);
    yield failure === undefined ? { kind: 'row', cells } : { kind: 'bad', message: failure };
  }

  function fill({ values, position }: CsvRecord, cells: Cell[]): string | undefined {
    for (const [index, field] of visible.entries()) {
      const value = values[index];
      const isNull = value === undefined || (!value.isQuoted && options.nullMarkers.includes(value.text));
      if (isNull && field.mode === 'REQUIRED')
        return `Required column value for column index: ${index} is missing in row starting at position: ${position}`;
      if (isNull) continue;
      const cell = cellOf(value, field);
      if (cell === undefined)
        return `Could not parse '${value.text.slice(0, 100)}' as ${sqlTypeName(field.type)} for field ${field.name} (position ${index}) starting at location ${position} with message 'Unable to parse'`;
      cells[places[index] ?? -1] = cell;
    }
    return undefined;
  }
}

function wrongCount(
  { values, position }: CsvRecord,
  columns: number,
  options: { readonly ignoreUnknown: boolean; readonly allowJaggedRows: boolean },
): string | undefined {
  if (values.length > columns && !options.ignoreUnknown)
    return `Too many values in row starting at position: ${position}. Found ${values.length} column(s) while expected ${columns}.`;
  if (values.length < columns && !options.allowJaggedRows)
    return `CSV table references column position ${values.length}, but line starting at position:${position} contains only ${values.length} columns.`;
  return undefined;
}

function cellOf({ text }: CsvValue, field: Field): Cell | undefined {
  // An integer of CSV is digits; JSON's `1.0` is none.
  if (field.type === 'INTEGER' && !/^[+-]?\d+$/.test(text)) return undefined;
  try {
    return coerceScalar(text, field);
  } catch (error) {
    if (error instanceof CoercionFailure) return undefined;
    throw error;
  }
}
