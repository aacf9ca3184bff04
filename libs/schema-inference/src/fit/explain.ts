import { isPipelineColumn, type Column, type TableSchema } from '../schema/column.js';
import { readNote } from '../schema/description.js';
import type { JsonNode } from '../values/json-tree.js';
import { leavesOf, type Leaf } from './leaves.js';
import { childPointer, OVERFLOW_REASONS, type OverflowReason } from './overflow.js';
import { readJsonTree } from '../values/read-json-tree.js';
import type { JsonValue } from '../values/row.js';

/** One scalar of the event and its place: the column's path of names, or the reason in the overflow. */
export interface ExplainedLeaf extends Leaf {
  readonly column: readonly string[] | null;
  readonly reason: OverflowReason | null;
}

export interface ExplainOptions {
  /** Event keys by SHA-256 hex, for columns that record only the hash of theirs; such a step is the hash otherwise. */
  readonly keysBySha256?: ReadonlyMap<string, string>;
}

/**
 * Rebuilds the leaves of an event from its row and the table's schema.
 *
 * Shape: `{order_id: 7, _overflow: '{"/total":{"reason":"TYPE_CONFLICT","value":"x"}}'}` → `/order_id` 7 from its column
 * and `/total` "x" from the overflow. Together they are the event's leaves, by value.
 * The row must come from `buildRow`. `null`, `[]`, `{}` and pending values have no leaf.
 */
export function explain(
  row: Readonly<Record<string, JsonValue>>,
  schema: TableSchema,
  options: ExplainOptions = {},
): readonly ExplainedLeaf[] {
  const explanation = new Explanation(options.keysBySha256 ?? new Map<string, string>());
  const columns = schema.columns.filter((column) => !isPipelineColumn(column.name));
  explanation.fromRecord(row, columns, '', []);
  const overflow = Object.hasOwn(row, '_overflow') ? row['_overflow'] : null;
  if (typeof overflow === 'string') explanation.fromOverflow(overflow);
  return explanation.leaves;
}

class Explanation {
  readonly leaves: ExplainedLeaf[] = [];

  constructor(private readonly keysBySha256: ReadonlyMap<string, string>) {}

  fromRecord(
    row: Readonly<Record<string, JsonValue>>,
    columns: readonly Column[],
    pointer: string,
    path: readonly string[],
  ): void {
    for (const column of columns) {
      const value = valueOf(row, column);
      if (value === null || this.isSuperseded(column, columns, row)) continue;
      const at = childPointer(pointer, this.keyOf(column));
      const columnPath = [...path, column.name];
      if (column.mode !== 'REPEATED') this.fromValue(value, column, at, columnPath);
      else if (isArray(value)) {
        value.forEach((element, index) => {
          this.fromValue(element, column, childPointer(at, index), columnPath);
        });
      }
    }
  }

  /** True for a retired column whose key has a value in the column that replaced it. */
  private isSuperseded(
    column: Column,
    columns: readonly Column[],
    row: Readonly<Record<string, JsonValue>>,
  ): boolean {
    if (readNote(column.description).retired !== true) return false;
    const key = this.keyOf(column);
    return columns.some(
      (other) => other !== column && this.keyOf(other) === key && valueOf(row, other) !== null,
    );
  }

  private fromValue(value: JsonValue, column: Column, pointer: string, path: readonly string[]): void {
    if (value === null) return;
    if (column.type === 'RECORD') {
      if (typeof value === 'object' && !isArray(value))
        this.fromRecord(value, column.columns ?? [], pointer, path);
    } else if (column.type === 'JSON') {
      if (typeof value === 'string')
        this.pushAll(readJsonTree(value).root, value, pointer, { column: path, reason: null });
    } else {
      this.leaves.push({ pointer, json: scalarJson(value, column), column: path, reason: null });
    }
  }

  fromOverflow(text: string): void {
    const { root } = readJsonTree(text);
    if (root.kind !== 'object') return;
    for (const { key: pointer, value: entry } of root.members) {
      const reason = toReason(memberOf(entry, 'reason'));
      const literal = memberOf(entry, 'literal');
      const value = memberOf(entry, 'value');
      if (literal?.kind === 'string') {
        this.pushAll(readJsonTree(literal.value).root, literal.value, pointer, { column: null, reason });
      } else if (value !== undefined) this.pushAll(value, text, pointer, { column: null, reason });
    }
  }

  private pushAll(
    node: JsonNode,
    text: string,
    pointer: string,
    place: Pick<ExplainedLeaf, 'column' | 'reason'>,
  ): void {
    for (const leaf of leavesOf(node, text, pointer)) this.leaves.push({ ...leaf, ...place });
  }

  private keyOf(column: Column): string {
    const { key, keySha256 } = readNote(column.description);
    if (key !== undefined) return key;
    return keySha256 === undefined ? column.name : (this.keysBySha256.get(keySha256) ?? keySha256);
  }
}

/** Types that only hand-made columns have and no event value fits. */
const UNFITTABLE: ReadonlySet<string> = new Set(['BYTES', 'TIME', 'GEOGRAPHY', 'INTERVAL', 'RANGE']);

/** True if no value of an event fits the column, so that its value comes from elsewhere. */
export function isUnfittable({ type }: Column): boolean {
  return UNFITTABLE.has(type);
}

/** Returns the value of a column, null if the row has none; BigQuery gives an empty array where nothing was written. */
export function valueOf(row: Readonly<Record<string, JsonValue>>, { name }: Column): JsonValue {
  const value = (Object.hasOwn(row, name) ? row[name] : null) ?? null;
  return Array.isArray(value) && value.length === 0 ? null : value;
}

/** Numbers that are strings in a row, because a double would round them, are numbers in the event. */
export function scalarJson(value: JsonValue, { type }: Column): string {
  const isNumeric = type === 'INT64' || type === 'NUMERIC' || type === 'BIGNUMERIC';
  return isNumeric && typeof value === 'string' ? value : JSON.stringify(value);
}

function memberOf(node: JsonNode, key: string): JsonNode | undefined {
  return node.kind === 'object' ? node.members.find((member) => member.key === key)?.value : undefined;
}

function toReason(node: JsonNode | undefined): OverflowReason | null {
  return node?.kind === 'string' ? (OVERFLOW_REASONS.find((reason) => reason === node.value) ?? null) : null;
}

/** `Array.isArray` that keeps a readonly type. */
function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
