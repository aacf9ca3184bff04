import { isArrayIndex } from '../values/large-text.js';
import {
  columnOfKey,
  compileShape,
  type CompiledColumn,
  type CompiledRecord,
  type CompiledSchema,
} from '../schema/compile-schema.js';
import { fitScalarArray } from './fit-array.js';
import { fitScalar, type ScalarFit } from './fit-scalar.js';
import { EventColumns } from './event-columns.js';
import { hasIndexKey, hasIndexKeyInElement, isContainer } from './index-keys.js';
import { inferAny, isJsonObject, isRecordArray } from './infer-shape.js';
import type { ArrayNode, JsonNode, ObjectNode } from '../values/json-tree.js';
import { entryBytes, overflowEntry, type OverflowEntry, type OverflowReason } from './overflow.js';
import { PendingChanges } from './pending-changes.js';
import { pointerOf, ROOT_PLACE, type LeafOutcome, type Place } from './place.js';
import { setOwn, type JsonValue, type Row } from '../values/row.js';
import { hasDataChildren } from '../schema/data-keys.js';
import type { Shape } from '../schema/shape.js';
import { usablePart } from '../schema/unusable-shape.js';

/** The members of one object. */
interface FittedMembers {
  readonly row: Record<string, JsonValue>;
  /** Columns whose whole value waits for a change. */
  readonly awaited: ReadonlySet<CompiledColumn> | null;
  readonly isAwaited: boolean;
}

const NO_MEMBERS: FittedMembers = { row: {}, awaited: null, isAwaited: false };

export interface TreeFitOptions {
  /** Pending leaves go to the overflow. */
  readonly isWaitOver?: boolean;
  /** Builds no overflow entries; `onOverflow` is called for each leaf that would be one. */
  readonly verdictOnly?: boolean;
  readonly onOverflow?: OnOverflow;
}

/** Called once for each leaf, or whole value, that goes to the overflow. */
export type OnOverflow = (reason: OverflowReason, pointer: () => string) => void;

export interface TreeFit {
  readonly row: Row;
  readonly entries: readonly OverflowEntry[];
  readonly pending: PendingChanges;
  /** True if more overflowed than a row can hold; the entries are then incomplete and the row is too large. */
  readonly isTruncated: boolean;
  /** True if a value needs a change that a contract wants a person to approve. */
  readonly awaitsApproval: boolean;
}

/** Fits an event by its exact tree, with every rule for every value. Linear in the size of the tree. */
export function fitTree(
  root: ObjectNode,
  text: string,
  schema: CompiledSchema,
  options: TreeFitOptions,
): TreeFit {
  const walk = new TreeWalk(root, text, schema, options);
  const row = walk.fitRoot();
  const { entries, pending, isTruncated, awaitsApproval } = walk;
  return { row, entries, pending, isTruncated, awaitsApproval };
}

class TreeWalk {
  readonly entries: OverflowEntry[] = [];
  readonly pending = new PendingChanges();
  isTruncated = false;
  awaitsApproval = false;
  private overflowBytes = 0;
  /** Counted with the first key that has no column; null if the event cannot reach the limit. */
  private eventColumns: EventColumns | null | undefined;
  /** Leaves that wait for a change so far. */
  private waiting = 0;

  constructor(
    private readonly root: ObjectNode,
    private readonly text: string,
    private readonly schema: CompiledSchema,
    private readonly options: TreeFitOptions,
  ) {}

  fitRoot(): Row {
    const fitted = this.fitMembers(this.root, this.schema.root, ROOT_PLACE);
    this.relaxMissing(fitted, this.schema.root, ROOT_PLACE);
    return fitted.row;
  }

  private fitMembers(node: ObjectNode, record: CompiledRecord, place: Place): FittedMembers {
    const row: Record<string, JsonValue> = {};
    const waitedBefore = this.waiting;
    let awaited: Set<CompiledColumn> | null = null;
    for (const { key, value } of node.members) {
      if (value.kind === 'null') continue;
      const column = columnOfKey(record, key);
      const at: Place = { parent: place, step: key, outcome: place.outcome };
      if (column === undefined) {
        this.fitNewKey(value, key, record, at);
        continue;
      }
      const waited = this.waiting;
      const fitted = this.fitValue(value, column, at);
      if (fitted !== undefined) setOwn(row, column.name, fitted);
      else if (this.waiting > waited) awaited = (awaited ?? new Set()).add(column);
    }
    return { row, awaited, isAwaited: this.waiting > waitedBefore };
  }

  /**
   * A record that has a value, now or after a pending change, must have its REQUIRED fields; a column for which the event
   * has no value is relaxed.
   */
  private relaxMissing({ row, awaited }: FittedMembers, record: CompiledRecord, place: Place): void {
    for (const column of record.required) {
      const isMissing = !Object.hasOwn(row, column.name) && awaited?.has(column) !== true;
      if (isMissing) this.pending.relax(column, place, column.name);
    }
  }

  /** A key without a column: infers a candidate column and compares the value with it, leaf by leaf. */
  private fitNewKey(node: JsonNode, key: string, record: CompiledRecord, place: Place): void {
    if (!node.hasScalar) return;
    const { limits } = this.schema;
    const seen = inferAny(node, record.depth + 1, limits);
    const { wanted, outcome } = this.limit(seen, this.outcomeOfNew(key, record, place), place);
    const shape = usablePart(wanted);
    if (wanted !== null && outcome === 'pending' && place.outcome === 'row')
      this.pending.add(record, place, wanted);
    const isAmbiguous = record.depth > 0 && isArrayIndex(key) && isContainer(node);
    if (shape === null) {
      if (isAmbiguous)
        this.overflow(node, node.isUnicode ? 'NUMBER_NOT_REPRESENTABLE' : 'NOT_UNICODE', place);
      else this.overflowUnusable(node, place, record.depth + 1);
      return;
    }
    if (isAmbiguous) {
      this.withhold(node, { ...place, outcome });
      return;
    }
    const candidate = compileShape(key, shape, record.depth + 1, limits.maxRecordChildren);
    this.fitValue(node, candidate, { ...place, outcome });
  }

  /** Returns the part of a candidate that the event may still add; `closed` if that is none of it. */
  private limit(
    seen: Shape | null,
    outcome: LeafOutcome,
    place: Place,
  ): { readonly wanted: Shape | null; readonly outcome: LeafOutcome } {
    if (usablePart(seen) === null || seen === null || outcome === 'closed') return { wanted: seen, outcome };
    this.eventColumns ??= this.eventColumns === null ? null : EventColumns.of(this.root, this.schema);
    if (this.eventColumns === null) return { wanted: seen, outcome };
    const wanted = this.eventColumns.admitted(seen, place);
    return usablePart(wanted) === null ? { wanted: seen, outcome: 'closed' } : { wanted, outcome };
  }

  private outcomeOfNew(key: string, record: CompiledRecord, { outcome }: Place): LeafOutcome {
    const { newColumns } = record;
    const isRefused = outcome === 'closed' || this.schema.isClosed || newColumns === 'overflow';
    if (isRefused || this.isFull(record, key)) return 'closed';
    return outcome === 'approval' || newColumns === 'approve' ? 'approval' : 'pending';
  }

  private isFull(record: CompiledRecord, key: string): boolean {
    if (record.isClosed || record.depth === 0) return record.isClosed;
    const { limits } = this.schema;
    if (this.pending.isWanted(record, key)) return false;
    const wanted = this.pending.countNew(record);
    const children = record.childCount + wanted.count;
    return (
      children >= limits.maxRecordChildren ||
      hasDataChildren(children, record.dataChildCount + wanted.dataKeys)
    );
  }

  private fitValue(node: JsonNode, column: CompiledColumn, place: Place): JsonValue | undefined {
    if (!node.hasScalar) return this.fitEmpty(node, column, place);
    if (column.record !== null) return this.fitRecordColumn(node, column, column.record, place);
    if (column.mode !== 'REPEATED') return this.settle(fitScalar(node, column), node, column, place);
    if (node.kind === 'array') return this.settle(fitScalarArray(node, column), node, column, place);
    this.overflow(node, node.isUnicode ? 'TYPE_CONFLICT' : 'NOT_UNICODE', place);
    return undefined;
  }

  /** A value without a scalar has no leaf, but the elements of an array of records keep their places. */
  private fitEmpty(node: JsonNode, column: CompiledColumn, place: Place): JsonValue | undefined {
    if (node.kind !== 'array' || column.record === null || column.mode !== 'REPEATED') return undefined;
    return node.elements.length === 0 ? undefined : this.fitRecords(node, column.record, place);
  }

  private fitRecordColumn(
    node: JsonNode,
    column: CompiledColumn,
    record: CompiledRecord,
    place: Place,
  ): JsonValue | undefined {
    if (column.mode === 'REPEATED' && node.kind === 'array') return this.fitRecords(node, record, place);
    if (column.mode !== 'REPEATED' && node.kind === 'object') {
      if (place.outcome !== 'row' && hasIndexKey(node)) {
        this.withhold(node, place);
        return undefined;
      }
      const fitted = this.fitMembers(node, record, place);
      const isEmpty = Object.keys(fitted.row).length === 0;
      if (!isEmpty || fitted.isAwaited) this.relaxMissing(fitted, record, place);
      return isEmpty ? undefined : fitted.row;
    }
    this.overflow(node, node.isUnicode ? 'TYPE_CONFLICT' : 'NOT_UNICODE', place);
    return undefined;
  }

  private fitRecords(node: ArrayNode, record: CompiledRecord, place: Place): JsonValue | undefined {
    if (place.outcome !== 'row' && hasIndexKeyInElement(node)) {
      this.withhold(node, place);
      return undefined;
    }
    const rows = node.elements.map((element, index): JsonValue => {
      const at: Place = { parent: place, step: index, outcome: place.outcome };
      const isRecord = element.kind === 'object' && element.hasScalar;
      const fitted = isRecord ? this.fitMembers(element, record, at) : NO_MEMBERS;
      if (element.hasScalar && !isRecord) {
        this.overflow(element, element.isUnicode ? 'TYPE_CONFLICT' : 'NOT_UNICODE', at);
      }
      this.relaxMissing(fitted, record, place);
      return fitted.row;
    });
    return place.outcome === 'row' ? rows : undefined;
  }

  /**
   * A value without a column goes to the overflow whole if the pointers of its leaves could be read in two ways: a key that
   * looks like an array index would be taken for one when the event is rebuilt.
   */
  private withhold(node: ObjectNode | ArrayNode, place: Place): void {
    if (!node.isUnicode) {
      // The rest of the value gets its column, so the record around it will have a value.
      if (place.outcome === 'pending') this.waiting++;
      this.overflow(node, 'NOT_UNICODE', place);
    } else if (place.outcome === 'closed') this.overflow(node, 'SCHEMA_CLOSED', place);
    else if (place.outcome === 'approval') this.overflow(node, 'AWAITING_APPROVAL', place);
    else {
      this.waiting++;
      if (this.options.isWaitOver === true) this.overflow(node, 'AWAITING_COLUMN', place);
    }
  }

  /** Decides between row, pending and overflow for a leaf that was compared with its column. */
  private settle(
    fit: ScalarFit,
    node: JsonNode,
    column: CompiledColumn,
    place: Place,
  ): JsonValue | undefined {
    if (fit.kind === 'fits' && place.outcome === 'row') return fit.value;
    if (fit.kind === 'never' && (place.outcome !== 'closed' || fit.reason === 'NOT_UNICODE')) {
      this.overflow(node, fit.reason, place);
    } else if (place.outcome === 'closed') {
      this.overflow(node, 'SCHEMA_CLOSED', place);
    } else if (fit.kind === 'wider' && (this.schema.isClosed || column.typeChanges === 'overflow')) {
      this.overflow(node, 'SCHEMA_CLOSED', place);
    } else if (fit.kind === 'wider' && !column.canWiden) {
      this.overflow(node, 'NOT_WIDENABLE', place);
    } else if (place.outcome === 'approval' || (fit.kind === 'wider' && column.typeChanges === 'approve')) {
      this.overflow(node, 'AWAITING_APPROVAL', place);
    } else {
      this.waiting++;
      if (fit.kind === 'wider') this.pending.widen(column, place, fit.to);
      if (this.options.isWaitOver === true) this.overflow(node, 'AWAITING_COLUMN', place);
    }
    return undefined;
  }

  /** A new value that no column can hold goes to the overflow: whole if it would be one leaf, else leaf by leaf. */
  private overflowUnusable(node: JsonNode, place: Place, depth: number): void {
    const { limits } = this.schema;
    const { outcome } = place;
    if (!node.hasScalar) return;
    if (node.kind === 'object' && !isJsonObject(node, depth, limits) && !hasIndexKey(node)) {
      for (const { key, value } of node.members) {
        this.overflowUnusable(value, { parent: place, step: key, outcome }, depth + 1);
      }
    } else if (node.kind === 'array' && isRecordArray(node, depth, limits) && !hasIndexKeyInElement(node)) {
      node.elements.forEach((element, index) => {
        this.overflowUnusable(element, { parent: place, step: index, outcome }, depth);
      });
    } else this.overflow(node, node.isUnicode ? 'NUMBER_NOT_REPRESENTABLE' : 'NOT_UNICODE', place);
  }

  private overflow(node: JsonNode, reason: OverflowReason, place: Place): void {
    if (reason === 'AWAITING_APPROVAL') this.awaitsApproval = true;
    this.options.onOverflow?.(reason, () => pointerOf(place));
    if (this.isTruncated || this.options.verdictOnly === true) return;
    const entry = overflowEntry(pointerOf(place), reason, node, this.text);
    this.overflowBytes += entryBytes(entry, node);
    if (this.overflowBytes > this.schema.limits.maxRowBytes) this.isTruncated = true;
    else this.entries.push(entry);
  }
}
