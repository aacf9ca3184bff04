import { invalid } from '../rules/api-error.js';
import type { Cell } from '../rules/cell.js';
import { fieldNamed } from '../rules/field-places.js';
import type { Field } from '../rules/field-schema.js';
import type { TableEntry } from '../warehouse/catalog.js';
import { quoteName } from '../warehouse/duckdb-types.js';
import { toCell } from '../warehouse/duckdb-values.js';
import type { Warehouse } from '../warehouse/warehouse.js';

/** Number of rows of a table, as text. */
export async function countRows(warehouse: Warehouse, entry: TableEntry): Promise<string> {
  return String(await warehouse.rows.count(entry));
}

interface RowPage {
  readonly fields: readonly Field[];
  readonly rows: readonly (readonly Cell[])[];
  readonly totalRows: string;
  readonly nextPageToken?: string;
}

/** A page of a table's rows in the order they are stored; tokens are positions. */
export async function listRows(
  warehouse: Warehouse,
  entry: TableEntry,
  request: {
    readonly maxResults: string | null;
    readonly pageToken: string | null;
    readonly startIndex: string | null;
    readonly selectedFields: string | null;
  },
): Promise<RowPage> {
  if (entry.kind === 'VIEW') throw invalid('Cannot list a table of type VIEW.');
  const fields = selectFields(entry.fields, request.selectedFields);
  const totalRows = await countRows(warehouse, entry);
  const start = Number(request.pageToken ?? request.startIndex ?? 0);
  const size = Number(request.maxResults ?? 100_000);
  if (!Number.isInteger(start) || !Number.isInteger(size) || start < 0 || size < 0)
    throw invalid('maxResults, startIndex and pageToken must be positions.');
  if (entry.fields.length === 0 || fields.length === 0) return { fields, rows: [], totalRows };
  const read = warehouse.rows.read(entry, fields);
  const sql = `SELECT ${fields.map((field) => quoteName(field.name)).join(', ')} FROM ${read.sql} LIMIT ${size} OFFSET ${start}`;
  const rows = await warehouse.rows.reading([read], () =>
    warehouse.database.use(async (connection) => (await connection.runAndReadAll(sql)).getRows()),
  );
  const cells = rows.map((row) => fields.map((field, index) => toCell(row[index] ?? null, field)));
  const end = start + size;
  return {
    fields,
    rows: cells,
    totalRows,
    ...(end < Number(totalRows) ? { nextPageToken: String(end) } : {}),
  };
}

function selectFields(fields: readonly Field[], selection: string | null): readonly Field[] {
  if (selection === null || selection === '') return fields;
  const wanted = new Set(selection.split(',').map((name) => name.trim().toLowerCase()));
  const selected = fields.filter((field) => wanted.has(field.name.toLowerCase()));
  const unknown = [...wanted].find((name) => fieldNamed(fields, name) === undefined);
  if (unknown !== undefined)
    throw invalid(`selectedFields names no top-level column: ${unknown}`, 'selectedFields');
  return selected;
}
