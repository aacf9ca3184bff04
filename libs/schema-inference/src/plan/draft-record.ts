import {
  lowerAscii,
  type ChangeVerb,
  type Column,
  type ColumnMode,
  type ColumnType,
} from '../schema/column.js';
import { columnName, isOwnName } from '../schema/column-name.js';
import { readNote } from '../schema/description.js';
import { sha256Hex } from '../values/sha256.js';
import { joinShapes, type Shape } from '../schema/shape.js';

/** A column of the table that is being planned. */
export interface DraftColumn {
  /** The column as it was, with its type's parameters. */
  readonly original: Column;
  readonly name: string;
  type: ColumnType;
  mode: ColumnMode;
  readonly description: string | undefined;
  readonly record: DraftRecord | null;
  /** False inside a REPEATED RECORD and for a REPEATED column. */
  readonly canWiden: boolean;
  /** The verb for a wider type. */
  readonly typeChanges: ChangeVerb;
}

/** The decisions of the record around a column. */
interface DraftContext {
  readonly canWiden: boolean;
  readonly newColumns: ChangeVerb;
  readonly typeChanges: ChangeVerb;
  readonly ignoresVerbs: boolean;
}

/** The children of the table or of a RECORD during planning: existing columns and wanted ones. */
export class DraftRecord {
  readonly columns: DraftColumn[];
  readonly wanted = new Map<string, Shape>();
  readonly isClosed: boolean;
  /** The verb for new children. */
  readonly newColumns: ChangeVerb;
  private readonly byKey = new Map<string, DraftColumn>();
  private readonly byKeySha256 = new Map<string, DraftColumn>();
  private readonly taken: Set<string>;

  constructor(
    columns: readonly Column[],
    readonly path: readonly string[],
    options: DraftContext & { readonly isClosed: boolean; readonly hiddenNames: ReadonlySet<string> },
  ) {
    this.isClosed = options.isClosed;
    this.newColumns = options.newColumns;
    this.columns = columns.map((column) => toDraft(column, path, options));
    this.taken = new Set([...options.hiddenNames, ...columns.map((column) => lowerAscii(column.name))]);
    for (const column of this.columns) this.index(column, options.hiddenNames);
  }

  private index(column: DraftColumn, hiddenNames: ReadonlySet<string>): void {
    if (hiddenNames.has(lowerAscii(column.name))) return;
    const { key, keySha256, retired } = readNote(column.description);
    if (retired === true) return;
    const index = key === undefined && keySha256 !== undefined ? this.byKeySha256 : this.byKey;
    const by = key ?? keySha256 ?? column.name;
    const present = index.get(by);
    if (present === undefined || (key !== undefined && readNote(present.description).key === undefined)) {
      index.set(by, column);
    }
  }

  columnOfKey(key: string): DraftColumn | undefined {
    const column = this.byKey.get(key);
    return column ?? (this.byKeySha256.size === 0 ? undefined : this.byKeySha256.get(sha256Hex(key)));
  }

  want(key: string, shape: Shape): void {
    const present = this.wanted.get(key);
    this.wanted.set(key, present === undefined ? shape : joinShapes(present, shape));
  }

  /**
   * Reserves the column names of new keys: first those that are their own names, in order, then the others, so that
   * `session_id` gets its name although `session.id` came first.
   */
  takeNames(keys: readonly string[]): ReadonlyMap<string, string> {
    const names = new Map<string, string>();
    for (const key of keys) if (this.isFree(key)) names.set(key, this.takeName(key));
    for (const key of keys) if (!names.has(key)) names.set(key, this.takeName(key));
    return names;
  }

  private isFree(key: string): boolean {
    return isOwnName(key) && !this.taken.has(lowerAscii(key));
  }

  private takeName(key: string): string {
    const name = columnName(key, (candidate) => this.taken.has(candidate));
    this.taken.add(lowerAscii(name));
    return name;
  }
}

const NO_NAMES: ReadonlySet<string> = new Set();

function toDraft(column: Column, parentPath: readonly string[], above: DraftContext): DraftColumn {
  const canWiden = above.canWiden && column.mode !== 'REPEATED' && column.precision === undefined;
  const path = [...parentPath, column.name];
  const note = readNote(column.description);
  const { ignoresVerbs } = above;
  const { newColumns = above.newColumns, typeChanges = above.typeChanges } = ignoresVerbs ? above : note;
  const isClosed = note.closed === true;
  const inner = { canWiden, isClosed, hiddenNames: NO_NAMES, newColumns, typeChanges, ignoresVerbs };
  return {
    original: column,
    name: column.name,
    type: column.type,
    mode: column.mode,
    description: column.description,
    canWiden,
    typeChanges,
    record: column.type === 'RECORD' ? new DraftRecord(column.columns ?? [], path, inner) : null,
  };
}
