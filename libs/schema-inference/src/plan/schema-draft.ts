import { PIPELINE_COLUMNS, verbsOf, type Column, type TableSchema } from '../schema/column.js';
import { countLeaves } from '../schema/compile-schema.js';
import { countDataChildren, hasDataChildren } from '../schema/data-keys.js';
import { peopleText, readNote, writeDescription } from '../schema/description.js';
import { DraftRecord, type DraftColumn } from './draft-record.js';
import type { Limits } from '../schema/limits.js';
import type { CapacityWarning, PlannedChange } from './plan.js';
import type { SchemaChange } from '../schema/schema-change.js';
import type { RecordShape, Shape } from '../schema/shape.js';
import { isWidening, wider } from '../values/widening.js';

const PIPELINE_NAMES: ReadonlySet<string> = new Set(PIPELINE_COLUMNS.map((column) => column.name));
const WARNING_PERCENTS = [95, 80, 50] as const;

/** A table that is being planned: `request` the changes of all events, then `finish` once. */
export class SchemaDraft {
  private readonly root: DraftRecord;
  private readonly patches: PlannedChange[] = [];
  private readonly warnings: CapacityWarning[] = [];
  private leafCount: number;
  private readonly isClosed: boolean;

  constructor(
    schema: TableSchema,
    private readonly limits: Limits,
  ) {
    this.leafCount = countLeaves(schema.columns);
    this.isClosed = schema.closed || this.leafCount >= limits.maxLeafColumns;
    this.wasClosed = schema.closed;
    this.root = new DraftRecord(schema.columns, [], {
      canWiden: true,
      isClosed: false,
      hiddenNames: PIPELINE_NAMES,
      ignoresVerbs: schema.ignoresVerbs === true,
      ...verbsOf(schema),
    });
  }
  private readonly wasClosed: boolean;

  request(change: SchemaChange): void {
    if (change.kind === 'relax') {
      this.relax(change.path, change.name);
      return;
    }
    const key = change.path.at(-1);
    const record = this.recordAt(change.path.slice(0, -1));
    if (key === undefined || record === null || this.isClosed) return;
    const shape: Shape = change.kind === 'add' ? change.shape : { type: change.to, repeated: false };
    this.merge(record, key, shape, change.kind === 'add');
  }

  /** Returns the RECORD at a path of keys; null if the table is not the one that the event was fitted against. */
  private recordAt(path: readonly string[]): DraftRecord | null {
    let record: DraftRecord | null = this.root;
    for (const key of path) record = record?.columnOfKey(key)?.record ?? null;
    return record;
  }

  private relax(path: readonly string[], name: string): void {
    const column = this.recordAt(path)?.columns.find((candidate) => candidate.name === name);
    if (column?.mode === 'REQUIRED') column.mode = 'NULLABLE';
  }

  /** Joins a candidate with the table: an existing column changes only by widening and new children, if the verbs allow it. */
  private merge(record: DraftRecord, key: string, shape: Shape, mayAdd: boolean): void {
    const column = record.columnOfKey(key);
    if (column === undefined) {
      if (mayAdd && record.newColumns === 'evolve') record.want(key, shape);
      return;
    }
    if (shape.repeated !== (column.mode === 'REPEATED')) return;
    if (shape.type === 'RECORD') {
      if (column.record === null) return;
      for (const [child, childShape] of shape.fields) this.merge(column.record, child, childShape, mayAdd);
    } else if (
      column.canWiden &&
      column.typeChanges === 'evolve' &&
      isWidening(column.type) &&
      isWidening(shape.type)
    ) {
      column.type = wider(column.type, shape.type);
    }
  }

  /** Names and adds the wanted columns, closes full records, and lists the changes. */
  finish(before: TableSchema): {
    changes: readonly PlannedChange[];
    schema: TableSchema;
    warnings: readonly CapacityWarning[];
  } {
    const widenings: PlannedChange[] = [];
    const leavesBefore = this.leafCount;
    const columns = this.finishRecord(this.root, before.columns, widenings);
    const hasGrown = this.leafCount > leavesBefore;
    const isFull = hasGrown && this.leafCount >= this.limits.maxLeafColumns;
    if (hasGrown) this.warn([], this.leafCount, this.limits.maxLeafColumns);
    if (isFull && !this.wasClosed) this.patches.push({ kind: 'CLOSE_TABLE', path: [], via: 'patch' });
    return {
      changes: [...this.patches, ...widenings],
      schema: { ...before, columns, closed: this.wasClosed || isFull },
      warnings: this.warnings,
    };
  }

  private finishRecord(
    record: DraftRecord,
    before: readonly Column[],
    widenings: PlannedChange[],
  ): readonly Column[] {
    const columns = record.columns.map((column, index) => {
      const old = before[index];
      return old === undefined
        ? toColumn(column, column.description, [])
        : this.finishColumn(column, old, record, widenings);
    });
    const isTable = record.path.length === 0;
    let dataKeys = isTable ? 0 : countDataChildren(columns);
    const wanted = this.addable(record.wanted, isTable);
    const names = record.takeNames(wanted.map(([key]) => key));
    for (const [key, shape] of wanted) {
      if (!isTable && (record.isClosed || this.isFull(columns.length, dataKeys))) break;
      const column = this.addColumn(record.path, key, shape, names.get(key) ?? key);
      if (column === null) continue;
      columns.push(column);
      if (!isTable) dataKeys += countDataChildren([column]);
      this.patches.push({ kind: 'ADD_COLUMN', path: [...record.path, column.name], column, via: 'patch' });
    }
    return columns;
  }

  private finishColumn(
    column: DraftColumn,
    old: Column,
    parent: DraftRecord,
    widenings: PlannedChange[],
  ): Column {
    const path = [...parent.path, column.name];
    if (column.mode !== old.mode) this.patches.push({ kind: 'RELAX', path, via: 'patch' });
    if (isWidening(column.type) && isWidening(old.type) && column.type !== old.type) {
      widenings.push({ kind: 'WIDEN', path, from: old.type, to: column.type, via: 'ddl' });
    }
    if (column.record === null) return toColumn(column, column.description, undefined);
    const oldChildren = old.columns ?? [];
    const children = this.finishRecord(column.record, oldChildren, widenings);
    const description = this.closeIfFull(column, path, oldChildren.length, children);
    return toColumn(column, description, children);
  }

  private closeIfFull(
    column: DraftColumn,
    path: readonly string[],
    before: number,
    children: readonly Column[],
  ): string | undefined {
    const { description } = column;
    const after = children.length;
    if (after === before) return description;
    this.warn(path, after, this.limits.maxRecordChildren);
    if (!this.isFull(after, countDataChildren(children))) return description;
    const closed = writeDescription(peopleText(description), { ...readNote(description), closed: true });
    // If the mark does not fit beside the user's text, the record is closed by its number of children alone.
    if (readNote(closed).closed !== true) return description;
    if (closed !== description) this.patches.push({ kind: 'CLOSE_RECORD', path, via: 'patch' });
    return closed;
  }

  private addColumn(parentPath: readonly string[], key: string, shape: Shape, name: string): Column | null {
    if (this.leafCount >= this.limits.maxLeafColumns) return null;
    const mode = shape.repeated ? 'REPEATED' : 'NULLABLE';
    const note = name === key ? {} : { key };
    if (shape.type !== 'RECORD') {
      this.leafCount++;
      return withDescription({ name, type: shape.type, mode }, writeDescription('', note));
    }
    const path = [...parentPath, name];
    const columns = this.addChildren(path, shape);
    const isFull = this.isFull(columns.length, countDataChildren(columns));
    if (columns.length * 2 >= this.limits.maxRecordChildren)
      this.warn(path, columns.length, this.limits.maxRecordChildren);
    const description = writeDescription('', isFull ? { ...note, closed: true } : note);
    return withDescription({ name, type: 'RECORD', mode, columns }, description);
  }

  private addChildren(path: readonly string[], shape: RecordShape): readonly Column[] {
    const names = new DraftRecord([], path, {
      canWiden: false,
      isClosed: false,
      hiddenNames: new Set(),
      newColumns: 'evolve',
      typeChanges: 'evolve',
      ignoresVerbs: false,
    });
    const wanted = this.addable(shape.fields, false);
    const nameOf = names.takeNames(wanted.map(([key]) => key));
    const columns: Column[] = [];
    let dataKeys = 0;
    for (const [key, field] of wanted) {
      if (this.isFull(columns.length, dataKeys)) break;
      const column = this.addColumn(path, key, field, nameOf.get(key) ?? key);
      if (column === null) continue;
      columns.push(column);
      dataKeys += countDataChildren([column]);
    }
    return columns;
  }

  /** The wanted children that can find room, as many as a joined list of changes keeps. */
  private addable(
    wanted: ReadonlyMap<string, Shape>,
    isTable: boolean,
  ): readonly (readonly [string, Shape])[] {
    return [...wanted].slice(0, isTable ? this.limits.maxLeafColumns : this.limits.maxRecordChildren);
  }

  private isFull(children: number, dataKeys: number): boolean {
    return children >= this.limits.maxRecordChildren || hasDataChildren(children, dataKeys);
  }

  private warn(path: readonly string[], used: number, limit: number): void {
    const percent = WARNING_PERCENTS.find((candidate) => used * 100 >= limit * candidate);
    if (percent !== undefined) this.warnings.push({ path, used, limit, percent });
  }
}

function toColumn(
  column: DraftColumn,
  description: string | undefined,
  columns: readonly Column[] | undefined,
): Column {
  const { type, mode, original } = column;
  const changed = { ...original, type, mode };
  return withDescription(columns === undefined ? changed : { ...changed, columns }, description);
}

function withDescription(column: Column, description: string | undefined): Column {
  return description === undefined ? column : { ...column, description };
}
