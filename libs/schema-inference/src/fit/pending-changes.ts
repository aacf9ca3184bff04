import type { CompiledRecord } from '../schema/compile-schema.js';
import { isDataChild } from '../schema/data-keys.js';
import { pathOf, type Place } from './place.js';
import type { SchemaChange } from '../schema/schema-change.js';
import type { Shape } from '../schema/shape.js';
import { wider, type WideningType } from '../values/widening.js';
import { isUnusable, joinElements, usablePart } from '../schema/unusable-shape.js';

const NO_CHILDREN = { count: 0, dataKeys: 0 };

interface PendingAdd {
  readonly path: readonly string[];
  shape: Shape;
}

/**
 * The changes that one event needs, joined: a hundred thousand elements that lack the same field are one change.
 */
export class PendingChanges {
  private readonly adds = new Map<CompiledRecord, Map<string, PendingAdd>>();
  private readonly newChildren = new Map<CompiledRecord, { count: number; dataKeys: number }>();
  private readonly widenings = new Map<object, { readonly path: readonly string[]; to: WideningType }>();
  private readonly relaxations = new Map<object, SchemaChange>();

  /** Returns the number of new children wanted for the record so far, and of those whose keys are data. */
  countNew(record: CompiledRecord): { readonly count: number; readonly dataKeys: number } {
    return this.newChildren.get(record) ?? NO_CHILDREN;
  }

  isWanted(record: CompiledRecord, key: string): boolean {
    const present = this.adds.get(record)?.get(key);
    return present !== undefined && !isUnusable(present.shape);
  }

  /**
   * Adds a candidate for the last key of `place`. One that is unusable as a whole is no change, but it is joined with those
   * of other elements.
   */
  add(record: CompiledRecord, place: Place, shape: Shape): void {
    const key = String(place.step);
    let ofRecord = this.adds.get(record);
    if (ofRecord === undefined) {
      ofRecord = new Map();
      this.adds.set(record, ofRecord);
    }
    const present = ofRecord.get(key);
    if (!this.isWanted(record, key) && !isUnusable(shape)) this.count(record, key);
    if (present === undefined) ofRecord.set(key, { path: pathOf(place), shape });
    else present.shape = joinElements(present.shape, shape);
  }

  private count(record: CompiledRecord, key: string): void {
    const { count, dataKeys } = this.countNew(record);
    this.newChildren.set(record, { count: count + 1, dataKeys: dataKeys + (isDataChild(key) ? 1 : 0) });
  }

  widen(column: object, place: Place, to: WideningType): void {
    const present = this.widenings.get(column);
    if (present === undefined) this.widenings.set(column, { path: pathOf(place), to });
    else present.to = wider(present.to, to);
  }

  /** `place` is that of the record the column is in. */
  relax(column: object, place: Place, name: string): void {
    if (!this.relaxations.has(column))
      this.relaxations.set(column, { kind: 'relax', path: pathOf(place), name });
  }

  list(): readonly SchemaChange[] {
    const changes: SchemaChange[] = [];
    for (const ofRecord of this.adds.values()) {
      for (const { path, shape } of ofRecord.values()) {
        const usable = usablePart(shape);
        if (usable !== null) changes.push({ kind: 'add', path, shape: usable });
      }
    }
    for (const { path, to } of this.widenings.values()) changes.push({ kind: 'widen', path, to });
    changes.push(...this.relaxations.values());
    return changes;
  }
}
