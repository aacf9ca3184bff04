import { readNote, type Column, type TableSchema } from '@pipeline/schema-inference';
import { sampleOf, typeText, type Change, type ChangeKind } from './change-record.js';
import { claimsOn, gatherClaims, type Claim, type ClaimNode } from './claims.js';
import { addOrigin, MAX_COLUMN_DESCRIPTION, readOrigins, type Origin } from './origin.js';

/** A plan with its reasons: the schema with a sentence at every column that changes, and each change on its own. */
export interface ToldPlan {
  readonly schema: TableSchema;
  /** What a patch does. */
  readonly patched: readonly Change[];
  /** What DDL does after it. */
  readonly widened: readonly Change[];
  /** Whether a widening is announced that no description speaks of yet. */
  readonly announces: boolean;
}

/**
 * Say of every difference between two versions of a table which message caused it.
 *
 * A widening is announced in the column's description before it is made, because DDL could not say it in one step; one
 * that somebody announced already keeps that announcement, and so its id in the history.
 */
export function tellPlan(
  before: TableSchema,
  after: TableSchema,
  claims: readonly Claim[],
  nowMs: number,
): ToldPlan {
  const teller = new Teller(nowMs);
  const root = gatherClaims(claims);
  const columns = teller.tellColumns(before.columns, after.columns, root, '');
  if (after.closed && !before.closed) {
    teller.tell('CLOSE_TABLE', null, root.last);
  }
  const { patched, widened, announces } = teller;
  return { schema: { ...after, columns }, patched, widened, announces };
}

class Teller {
  readonly patched: Change[] = [];
  readonly widened: Change[] = [];
  announces = false;

  constructor(private readonly nowMs: number) {}

  tellColumns(
    before: readonly Column[],
    after: readonly Column[],
    node: ClaimNode | undefined,
    prefix: string,
  ): readonly Column[] {
    const known = new Map(before.map((column) => [column.name.toLowerCase(), column]));
    return after.map((column) => {
      const path = `${prefix}${column.name}`;
      const old = known.get(column.name.toLowerCase());
      const claims = claimsOn(node, column);
      return old === undefined
        ? this.#tellAdded(column, claims, path)
        : this.#tellChanged(old, column, { claims, relaxedBy: node?.relaxedBy.get(column.name), path });
    });
  }

  tell(
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

  #tellAdded(column: Column, claims: ClaimNode | undefined, path: string): Column {
    const sample = claims?.shape ?? null;
    const more = { toType: typeText(column), sample: sample === null ? null : sampleOf(sample) };
    this.tell('ADD_COLUMN', path, claims?.first, more);
    const added = this.#withOrigin(column, 'added', claims?.first);
    return column.columns === undefined
      ? added
      : { ...added, columns: this.tellColumns([], column.columns, claims, `${path}.`) };
  }

  #tellChanged(
    old: Column,
    column: Column,
    {
      claims,
      relaxedBy,
      path,
    }: { claims: ClaimNode | undefined; relaxedBy: Claim | undefined; path: string },
  ): Column {
    let told = column;
    if (old.mode !== column.mode) {
      this.tell('RELAX_COLUMN', path, relaxedBy, { fromType: typeText(old), toType: typeText(column) });
      told = this.#withOrigin(told, 'relaxed', relaxedBy);
    }
    if (old.type !== column.type) {
      told = this.#tellWidened(old, told, claims?.widenedBy ?? claims?.first ?? null, path);
    }
    if (column.columns !== undefined) {
      told = { ...told, columns: this.tellColumns(old.columns ?? [], column.columns, claims, `${path}.`) };
    }
    if (readNote(column.description).closed === true && readNote(old.description).closed !== true) {
      this.tell('CLOSE_RECORD', path, claims?.last);
      told = this.#withOrigin(told, 'closed', claims?.last);
    }
    return told;
  }

  #tellWidened(old: Column, column: Column, claim: Claim | null, path: string): Column {
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
    const told = this.#withOrigin(column, 'widened', claim, { from: old.type, to: column.type });
    this.announces ||= told.description !== column.description;
    return told;
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
