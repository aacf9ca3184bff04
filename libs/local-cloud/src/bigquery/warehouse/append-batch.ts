import { BigqueryError, type ErrorProto, invalid, notFound } from '../rules/api-error.js';
import { type CoerceRow, compileRows } from '../rules/row-coercion.js';
import type { Field } from '../rules/field-schema.js';
import { type TableName, tableKey } from '../rules/table-resource.js';
import type { InsertIds } from './insert-ids.js';
import { encodeRow } from './row-text.js';
import type { Warehouse } from './warehouse.js';

/** Rows to add to a table: as JSON (insertAll) or read by `read` from another encoding. */
export interface AppendRequest {
  readonly rows: readonly { readonly insertId?: string; readonly row: unknown }[];
  readonly skipInvalidRows: boolean;
  readonly ignoreUnknownValues: boolean;
  /** Another reader of rows than insertAll's; gets the table's columns and those that writers know. */
  readonly compile?: (stored: readonly Field[], visible: readonly Field[]) => CoerceRow;
}

/** Outcome of a request's rows; `refused` means that the table is not there for writers. */
export type AppendReply =
  | {
      readonly kind: 'done';
      readonly rowErrors: readonly RowErrors[];
      readonly visibleFields: readonly Field[];
    }
  | { readonly kind: 'refused'; readonly error: BigqueryError };

export interface RowErrors {
  readonly index: number;
  readonly errors: readonly ErrorProto[];
}

interface Accepted {
  /** Encoded at once: as cells, the rows of a request take a hundred times their size in a wide table. */
  readonly texts: string[];
  readonly insertIds: Set<string>;
}

const compiled = new WeakMap<readonly Field[], WeakMap<readonly Field[], CoerceRow>>();

/** Checks and stores what several requests bring, in one transaction; runs alone in the table's write queue. */
export async function appendBatch(
  warehouse: Warehouse,
  name: TableName,
  insertIds: InsertIds,
  requests: readonly AppendRequest[],
): Promise<AppendReply[]> {
  const entry = warehouse.catalog.table(name);
  const visible = entry === undefined ? undefined : warehouse.writerFields(entry);
  if (entry === undefined || visible === undefined || entry.kind === 'VIEW') {
    const error = missing(warehouse, name);
    return requests.map(() => ({ kind: 'refused', error }));
  }
  if (entry.fields.length === 0) {
    const error = invalid(`The destination table has no schema: ${tableKey(name)}.`);
    return requests.map(() => ({ kind: 'refused', error }));
  }
  const accepted: Accepted = { texts: [], insertIds: new Set() };
  const replies = requests.map((request): AppendReply => {
    const coerce = compileFor(request, entry.fields, visible);
    if (coerce instanceof BigqueryError) return { kind: 'refused', error: coerce };
    return {
      kind: 'done',
      rowErrors: acceptRows(request, coerce, { fields: entry.fields, known: insertIds, accepted }),
      visibleFields: visible,
    };
  });
  if (accepted.texts.length > 0) await warehouse.rows.append(entry, accepted.texts);
  insertIds.record(accepted.insertIds);
  return replies;
}

// A writer's own schema may not suit the table; that concerns its request alone.
function compileFor(
  request: AppendRequest,
  stored: readonly Field[],
  visible: readonly Field[],
): CoerceRow | BigqueryError {
  try {
    return (request.compile ?? cachedCompile)(stored, visible);
  } catch (error) {
    return BigqueryError.from(error);
  }
}

function missing(warehouse: Warehouse, name: TableName): BigqueryError {
  if (warehouse.catalog.dataset(name.projectId, name.datasetId) === undefined)
    return notFound(`Dataset ${name.projectId}:${name.datasetId}`);
  return notFound(`Table ${tableKey(name)}`);
}

function cachedCompile(stored: readonly Field[], visible: readonly Field[]): CoerceRow {
  const byVisible = compiled.get(stored) ?? new WeakMap<readonly Field[], CoerceRow>();
  compiled.set(stored, byVisible);
  const coerce = byVisible.get(visible) ?? compileRows(stored, visible);
  byVisible.set(visible, coerce);
  return coerce;
}

function acceptRows(
  request: AppendRequest,
  coerce: CoerceRow,
  target: { readonly fields: readonly Field[]; readonly known: InsertIds; readonly accepted: Accepted },
): RowErrors[] {
  const { fields, known, accepted } = target;
  const options = { ignoreUnknown: request.ignoreUnknownValues };
  const results = request.rows.map(({ row }) => {
    const result = coerce(row, options);
    return result.kind === 'refused'
      ? result
      : { kind: 'row' as const, text: encodeRow(result.cells, fields) };
  });
  const rowErrors = results.flatMap((result, index) =>
    result.kind === 'refused' ? [{ index, errors: result.errors }] : [],
  );
  if (rowErrors.length > 0 && !request.skipInvalidRows) return withStopped(rowErrors, request.rows.length);
  results.forEach((result, index) => {
    const insertId = request.rows[index]?.insertId;
    if (result.kind === 'refused') return;
    if (insertId !== undefined) {
      if (known.has(insertId) || accepted.insertIds.has(insertId)) return;
      accepted.insertIds.add(insertId);
    }
    accepted.texts.push(result.text);
  });
  return rowErrors;
}

function withStopped(rowErrors: readonly RowErrors[], rowCount: number): RowErrors[] {
  const byIndex = new Map(rowErrors.map((entry) => [entry.index, entry]));
  const stopped = { reason: 'stopped', location: '', debugInfo: '', message: '' };
  return Array.from({ length: rowCount }, (_, index) => byIndex.get(index) ?? { index, errors: [stopped] });
}
