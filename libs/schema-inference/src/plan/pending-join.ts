import type { Limits } from '../schema/limits.js';
import type { SchemaChange } from '../schema/schema-change.js';
import { joinShapes, type RecordShape, type Shape } from '../schema/shape.js';
import { wider } from '../values/widening.js';

type Widening = Extract<SchemaChange, { kind: 'widen' }>['to'];

/**
 * The joined changes of any number of events, in bounded memory: planning them equals planning all events.
 *
 * A table takes at most `maxLeafColumns` columns and a RECORD at most `maxRecordChildren`, in order of first sight, so
 * later ones are dropped here as the plan would drop them.
 */
export class PendingJoin {
  readonly #added = new Map<string, Map<string, { readonly path: readonly string[]; shape: Shape }>>();
  readonly #widened = new Map<string, { readonly path: readonly string[]; to: Widening }>();
  readonly #relaxed = new Map<string, SchemaChange>();

  constructor(private readonly limits: Limits) {}

  add(changes: readonly SchemaChange[]): void {
    for (const change of changes) {
      switch (change.kind) {
        case 'add':
          this.#addColumn(change.path, change.shape);
          break;
        case 'widen':
          this.#widen(change.path, change.to);
          break;
        case 'relax':
          this.#relaxed.set(JSON.stringify([change.path, change.name]), change);
      }
    }
  }

  /** Columns in order of first sight. */
  changes(): readonly SchemaChange[] {
    const added = [...this.#added.values()].flatMap((siblings) => [...siblings.values()]);
    return [
      ...this.#relaxed.values(),
      ...added.map(({ path, shape }) => ({ kind: 'add', path, shape }) as const),
      ...[...this.#widened.values()].map(({ path, to }) => ({ kind: 'widen', path, to }) as const),
    ];
  }

  #addColumn(path: readonly string[], shape: Shape): void {
    const parent = path.slice(0, -1);
    const key = path.at(-1) ?? '';
    const at = JSON.stringify(parent);
    const siblings = this.#added.get(at) ?? new Map<string, { path: readonly string[]; shape: Shape }>();
    this.#added.set(at, siblings);
    const present = siblings.get(key);
    const { maxLeafColumns, maxRecordChildren } = this.limits;
    if (present !== undefined) {
      present.shape = this.#trim(joinShapes(present.shape, shape));
    } else if (siblings.size < (parent.length === 0 ? maxLeafColumns : maxRecordChildren)) {
      siblings.set(key, { path, shape: this.#trim(shape) });
    }
  }

  #widen(path: readonly string[], to: Widening): void {
    const at = JSON.stringify(path);
    const present = this.#widened.get(at);
    this.#widened.set(at, { path, to: present === undefined ? to : wider(present.to, to) });
  }

  #trim(shape: Shape): Shape {
    return shape.type === 'RECORD' ? trimRecord(shape, this.limits.maxRecordChildren) : shape;
  }
}

/** Keeps as many fields as a RECORD takes, at every level; returns the same shape if it has no more. */
function trimRecord(record: RecordShape, maxChildren: number): RecordShape {
  if (!isOver(record, maxChildren)) {
    return record;
  }
  const first = [...record.fields].slice(0, maxChildren);
  const fields = first.map(
    ([key, field]) => [key, field.type === 'RECORD' ? trimRecord(field, maxChildren) : field] as const,
  );
  return { ...record, fields: new Map(fields) };
}

function isOver({ fields }: RecordShape, maxChildren: number): boolean {
  if (fields.size > maxChildren) {
    return true;
  }
  for (const field of fields.values()) {
    if (field.type === 'RECORD' && isOver(field, maxChildren)) return true;
  }
  return false;
}
