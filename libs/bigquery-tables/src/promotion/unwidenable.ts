import { allRows, type BigquerySql } from '@pipeline/google-clients';
import {
  compileSchema,
  decodeEvent,
  fit,
  isWidening,
  readNote,
  wider,
  type ChangeVerb,
  type Column,
  type Shape,
  type TableSchema,
  type WideningType,
} from '@pipeline/schema-inference';
import { isRetired, keyOf } from '../schema-changes/retyped-columns.js';
import type { StoredTable } from '../schema-changes/table-store.port.js';
import type { RetypeWish } from './plan-retype.js';
import { textOf } from './row-text.js';

/** Rows that one call looks at; a wider value among the others is found by the next. */
const MAX_ROWS = 1_000;

/**
 * Returns the retypes that numbers in `_overflow` need as `NOT_WIDENABLE`: one for each field, with the widest type.
 *
 * Shape: `{"/items/0/price": {"reason": "NOT_WIDENABLE", "value": 9.99}}` and `items ARRAY<STRUCT<price INT64>>` → `items.price` as
 * NUMERIC. @throws CloudError
 */
export async function unwidenableFields(
  sql: Pick<BigquerySql, 'name' | 'rows'>,
  { tableId, schema }: StoredTable,
  publishedSince: Date,
): Promise<readonly RetypeWish[]> {
  const rows = await allRows(sql, {
    sql:
      `SELECT TO_JSON_STRING(_overflow) AS overflow FROM ${sql.name(tableId)}\n` +
      `WHERE _publish_time >= @since AND STRPOS(TO_JSON_STRING(_overflow), '"reason":"NOT_WIDENABLE"') > 0 LIMIT ${MAX_ROWS}`,
    parameters: { since: publishedSince },
    tableId,
  });
  const wishes = new Map<string, RetypeWish>();
  for (const row of rows) {
    for (const wish of wishesOf(textOf(row, 'overflow'), schema)) {
      const path = JSON.stringify(wish.path);
      const known = wishes.get(path)?.type;
      const type =
        isWidening(wish.type) && isWidening(known ?? '')
          ? wider(wish.type, known as WideningType)
          : wish.type;
      wishes.set(path, { ...wish, type });
    }
  }
  return [...wishes.values()];
}

/** The retypes that one overflow needs. Pure. */
export function wishesOf(
  overflow: string,
  { columns, typeChanges = 'evolve' }: Pick<TableSchema, 'columns' | 'typeChanges'>,
): readonly RetypeWish[] {
  return shapesIn(overflow).flatMap(([pointer, entry]) => {
    if (entry.type !== 'RECORD') return [];
    const found = fieldAt(pointerSteps(pointer), columns, typeChanges);
    const shape = entry.fields.get('value');
    if (found === null || shape === undefined || !isWidening(shape.type)) return [];
    const { column, path } = found;
    if (!isWidening(column.type) || wider(column.type, shape.type) === column.type) return [];
    return [{ path, type: shape.type, isRepeated: column.mode === 'REPEATED', numbersAsText: false }];
  });
}

const NO_COLUMNS = compileSchema({ columns: [], closed: false });

/** The entries with the reason `NOT_WIDENABLE`; values get the types that they would get as new fields, with all their digits. */
function shapesIn(overflow: string): readonly (readonly [string, Shape])[] {
  const entries = new Map(Object.entries(JSON.parse(overflow) as Readonly<Record<string, OverflowJson>>));
  const decoded = decodeEvent({
    data: Buffer.from(withLiterals(overflow, entries)),
    attributes: { event_type: 't' },
  });
  if (decoded.kind === 'rejected') return [];
  return fit(decoded.event, NO_COLUMNS, { verdictOnly: true }).pending.flatMap((change) => {
    const [pointer = ''] = change.path;
    const isWanted = change.kind === 'add' && entries.get(pointer)?.reason === 'NOT_WIDENABLE';
    return isWanted ? [[pointer, change.shape] as const] : [];
  });
}

interface OverflowJson {
  readonly reason?: string;
  readonly literal?: string;
}

/** Values that JSON columns would round are text in `literal`. */
function withLiterals(overflow: string, entries: ReadonlyMap<string, OverflowJson>): string {
  const literals = [...entries].filter(([, { literal }]) => literal !== undefined);
  if (literals.length === 0) return overflow;
  const members = [...entries].map(([pointer, entry]) => {
    const { literal } = entry;
    return `${JSON.stringify(pointer)}:${literal === undefined ? JSON.stringify(entry) : `{"value":${literal}}`}`;
  });
  return `{${members.join(',')}}`;
}

function pointerSteps(pointer: string): readonly string[] {
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The column at a pointer, with the names from the table down; null if there is none, or a contract rules its type. */
function fieldAt(
  steps: readonly string[],
  columns: readonly Column[],
  tableVerb: ChangeVerb,
): { readonly column: Column; readonly path: readonly string[] } | null {
  const path: string[] = [];
  let known = columns;
  let verb = tableVerb;
  for (let depth = 0; depth < steps.length; depth++) {
    const column = known.find((candidate) => !isRetired(candidate) && keyOf(candidate) === steps[depth]);
    if (column === undefined) return null;
    path.push(column.name);
    // The index of an element.
    if (column.mode === 'REPEATED') depth++;
    verb = readNote(column.description).typeChanges ?? verb;
    if (depth >= steps.length - 1) return verb === 'evolve' ? { column, path } : null;
    known = column.columns ?? [];
  }
  return null;
}
