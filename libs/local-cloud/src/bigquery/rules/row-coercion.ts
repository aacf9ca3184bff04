import type { ErrorProto } from './api-error.js';
import { CellBudget, CellBudgetExceeded } from './cell-budget.js';
import type { Cell } from './cell.js';
import type { Field } from './field-schema.js';
import { isJsonObject, toJsonText } from './json.js';
import { CoercionFailure, coerceScalar } from './scalar-coercion.js';

/** A row that fits, as cells in the order of the table's columns; or every reason why it does not. */
export type CoercedRow =
  | { readonly kind: 'row'; readonly cells: readonly Cell[] }
  | { readonly kind: 'refused'; readonly errors: readonly ErrorProto[] };

/**
 * Reads one row of insertAll.
 *
 * Shape: `{id: "1", tags: null}` under `(id INT64, tags ARRAY<STRING>, n INT64)` → `[1n, [], null]`.
 * Keys are compared without case; a missing or `null` array is an empty one.
 * Outcome `refused`: an unknown field (unless `ignoreUnknown`), a value of another type, a REQUIRED field missing.
 */
export type CoerceRow = (row: unknown, options: { readonly ignoreUnknown: boolean }) => CoercedRow;

/**
 * Prepares {@link CoerceRow} for a table.
 *
 * `stored` are the columns the table has, `visible` those that writers know already: with a metadata lag a column of
 * `stored` that is not in `visible` is an unknown field, and NULL in the row.
 */
export function compileRows(
  stored: readonly Field[],
  visible: readonly Field[] = stored,
  manner: Manner = { jsonStrings: 'text' },
): CoerceRow {
  const record = compileRecord(stored, visible, manner);
  return (row, options) => {
    const problems: Problems = {
      errors: [],
      ignoreUnknown: options.ignoreUnknown,
      budget: new CellBudget(),
    };
    if (!isJsonObject(row))
      return { kind: 'refused', errors: [problem('', 'The row is not a JSON object.')] };
    try {
      const cells = record(row, '', problems);
      return problems.errors.length === 0
        ? { kind: 'row', cells }
        : { kind: 'refused', errors: problems.errors };
    } catch (error) {
      if (!(error instanceof CellBudgetExceeded)) throw error;
      return { kind: 'refused', errors: [problem('', error.message)] };
    }
  };
}

/** A string for a JSON column is JSON text (insertAll), or a JSON string itself (load jobs). */
interface Manner {
  readonly jsonStrings: 'text' | 'value';
}

interface Problems {
  readonly errors: ErrorProto[];
  readonly ignoreUnknown: boolean;
  readonly budget: CellBudget;
}

type ReadRecord = (value: Readonly<Record<string, unknown>>, path: string, problems: Problems) => Cell[];
type ReadCell = (value: unknown, path: string, problems: Problems) => Cell;

interface Column {
  readonly field: Field;
  readonly index: number;
  readonly read: ReadCell;
}

function compileRecord(stored: readonly Field[], visible: readonly Field[], manner: Manner): ReadRecord {
  const known = new Map(visible.map((field) => [field.name.toLowerCase(), field]));
  const columns = new Map<string, Column>();
  stored.forEach((field, index) => {
    const seen = known.get(field.name.toLowerCase());
    if (seen !== undefined)
      columns.set(field.name.toLowerCase(), { field, index, read: compileCell(field, seen, manner) });
  });
  const byExactName = new Map([...columns.values()].map((column) => [column.field.name, column]));
  const empty: readonly Cell[] = stored.map((field) => (field.mode === 'REPEATED' ? [] : null));
  const required = [...columns.values()].filter((column) => column.field.mode === 'REQUIRED');

  return (value, path, problems) => {
    problems.budget.take(stored.length);
    const cells = [...empty];
    for (const [key, entry] of Object.entries(value)) {
      const column = byExactName.get(key) ?? columns.get(key.toLowerCase());
      if (column !== undefined)
        cells[column.index] = column.read(entry, join(path, column.field.name), problems);
      else if (!problems.ignoreUnknown)
        problems.errors.push(problem(join(path, key), `no such field: ${join(path, key)}.`));
    }
    for (const { field, index } of required)
      if (cells[index] === null && !isReported(problems, join(path, field.name)))
        problems.errors.push(
          problem(join(path, field.name), `Missing required field: ${join(path, field.name)}.`),
        );
    return cells;
  };
}

function compileCell(field: Field, visible: Field, manner: Manner): ReadCell {
  const single = field.type === 'RECORD' ? readRecord(field, visible, manner) : readScalar(field, manner);
  if (field.mode !== 'REPEATED')
    return (value, path, problems) => {
      if (value === null || value === undefined) return null;
      if (!Array.isArray(value) || field.type === 'JSON') return single(value, path, problems);
      return report(problems, path, `Array specified for non-repeated field: ${path}.`);
    };
  return (value, path, problems) => {
    if (value === null || value === undefined) return [];
    if (!Array.isArray(value))
      return report(problems, path, `Value for repeated field ${path} is not an array.`);
    problems.budget.take(value.length);
    return value.map((element: unknown, index) => {
      const elementPath = `${path}[${index}]`;
      if (element !== null && element !== undefined) return single(element, elementPath, problems);
      return report(
        problems,
        elementPath,
        `Only optional fields can be set to NULL. Field: ${path}; Value: NULL`,
      );
    });
  };
}

function readRecord(field: Field, visible: Field, manner: Manner): ReadCell {
  const record = compileRecord(field.fields ?? [], visible.fields ?? [], manner);
  return (value, path, problems) =>
    isJsonObject(value)
      ? record(value, path, problems)
      : report(problems, path, `This field: ${path} is not a record.`);
}

function readScalar(field: Field, manner: Manner): ReadCell {
  if (field.type === 'JSON' && manner.jsonStrings === 'value') return toJsonText;
  return (value, path, problems) => {
    try {
      return coerceScalar(value, field);
    } catch (error) {
      if (error instanceof CoercionFailure) return report(problems, path, error.message);
      throw error;
    }
  };
}

function report(problems: Problems, path: string, message: string): null {
  problems.errors.push(problem(path, message));
  return null;
}

function problem(location: string, message: string): ErrorProto {
  return { reason: 'invalid', location, debugInfo: '', message };
}

function isReported(problems: Problems, path: string): boolean {
  return problems.errors.some((error) => error.location === path);
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
