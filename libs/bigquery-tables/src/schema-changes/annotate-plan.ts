import { readNote, type Column, type TableSchema } from '@pipeline/schema-inference';
import { columnsByName } from '../rows/columns-by-name.js';
import { sampleOf, typeText, type Change, type ChangeKind } from './change-record.js';
import { claimsOn, gatherClaims, type Claim, type ClaimNode } from './claims.js';
import { addOrigin, MAX_COLUMN_DESCRIPTION, readOrigins, type Origin } from './origin.js';

/** A plan with its causes: the schema with a sentence at every changed column, and the list of changes. */
export interface AnnotatedPlan {
  readonly schema: TableSchema;
  /** Changes that the patch makes. */
  readonly patched: readonly Change[];
  /** Changes that DDL makes after the patch. */
  readonly widened: readonly Change[];
  /** True if a widening must be announced in a description first. */
  readonly announces: boolean;
}

/**
 * Attributes every difference between two versions of a table to the message that caused it.
 *
 * A widening is announced in the column's description before it is made, because DDL cannot do both in one step. An
 * existing announcement is kept, and so is its id in the history.
 */
export function annotatePlan(
  before: TableSchema,
  after: TableSchema,
  claims: readonly Claim[],
  nowMs: number,
): AnnotatedPlan {
  const annotator = new PlanAnnotator(nowMs);
  const root = gatherClaims(claims);
  const columns = annotator.annotateColumns(before.columns, after.columns, root, '');
  if (after.closed && !before.closed) {
    annotator.record('CLOSE_TABLE', null, root.last);
  }
  const { patched, widened, announces } = annotator;
  return { schema: { ...after, columns }, patched, widened, announces };
}

class PlanAnnotator {
  readonly patched: Change[] = [];
  readonly widened: Change[] = [];
  announces = false;

  constructor(private readonly nowMs: number) {}

  annotateColumns(
    before: readonly Column[],
    after: readonly Column[],
    node: ClaimNode | undefined,
    prefix: string,
  ): readonly Column[] {
    const known = columnsByName(before);
    return after.map((column) => {
      const path = `${prefix}${column.name}`;
      const old = known.get(column.name.toLowerCase());
      const claims = claimsOn(node, column);
      return old === undefined
        ? this.#annotateAdded(column, claims, path)
        : this.#annotateChanged(old, column, { claims, relaxedBy: node?.relaxedBy.get(column.name), path });
    });
  }

  record(
    kind: ChangeKind,
    path: string | null,
    claim: Claim | null | undefined,
    more: Partial<Change> = {},
  ): void {
    this.patched.push({
      kind,
      path,
      fromType: null,
      toType: null,
      messageId: claim?.messageId ?? null,
      sample: null,
      changedAtMs: this.nowMs,
      ...more,
    });
  }

  #annotateAdded(column: Column, claims: ClaimNode | undefined, path: string): Column {
    const sample = claims?.shape ?? null;
    const more = { toType: typeText(column), sample: sample === null ? null : sampleOf(sample) };
    this.record('ADD_COLUMN', path, claims?.first, more);
    const added = this.#withOrigin(column, 'added', claims?.first);
    return column.columns === undefined
      ? added
      : { ...added, columns: this.annotateColumns([], column.columns, claims, `${path}.`) };
  }

  #annotateChanged(
    old: Column,
    column: Column,
    {
      claims,
      relaxedBy,
      path,
    }: { claims: ClaimNode | undefined; relaxedBy: Claim | undefined; path: string },
  ): Column {
    let annotated = column;
    if (old.mode !== column.mode) {
      this.record('RELAX_COLUMN', path, relaxedBy, { fromType: typeText(old), toType: typeText(column) });
      annotated = this.#withOrigin(annotated, 'relaxed', relaxedBy);
    }
    if (old.type !== column.type) {
      annotated = this.#annotateWidened(old, annotated, claims?.widenedBy ?? claims?.first ?? null, path);
    }
    if (column.columns !== undefined) {
      annotated = {
        ...annotated,
        columns: this.annotateColumns(old.columns ?? [], column.columns, claims, `${path}.`),
      };
    }
    if (readNote(column.description).closed === true && readNote(old.description).closed !== true) {
      this.record('CLOSE_RECORD', path, claims?.last);
      annotated = this.#withOrigin(annotated, 'closed', claims?.last);
    }
    return annotated;
  }

  #annotateWidened(old: Column, column: Column, claim: Claim | null, path: string): Column {
    const announced = readOrigins(column.description).find(
      ({ widening }) => widening?.from === old.type && widening.to === column.type,
    );
    this.widened.push({
      kind: 'WIDEN_COLUMN',
      path,
      fromType: typeText(old),
      toType: typeText({ ...old, type: column.type }),
      messageId: announced?.messageId ?? claim?.messageId ?? null,
      sample: null,
      changedAtMs: announced?.atMs ?? this.nowMs,
    });
    if (announced !== undefined) {
      return column;
    }
    const annotated = this.#withOrigin(column, 'widened', claim, { from: old.type, to: column.type });
    this.announces ||= annotated.description !== column.description;
    return annotated;
  }

  #withOrigin(
    column: Column,
    event: Origin['event'],
    claim: Claim | null | undefined,
    widening?: NonNullable<Origin['widening']>,
  ): Column {
    const origin: Origin = {
      event,
      atMs: this.nowMs,
      messageId: claim?.messageId ?? null,
      ...(widening === undefined ? {} : { widening }),
      ...(claim?.eventType === undefined ? {} : { eventType: claim.eventType }),
    };
    const description = addOrigin(column.description, origin, MAX_COLUMN_DESCRIPTION);
    return description === undefined ? column : { ...column, description };
  }
}
