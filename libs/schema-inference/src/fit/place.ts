import { childPointer } from './overflow.js';

/**
 * The destination of a leaf that its column (or candidate column) can hold. `approval`: a contract wants a person to approve the
 * column first.
 */
export type LeafOutcome = 'row' | 'pending' | 'approval' | 'closed';

/** A position in the event as links back to the root: most positions never need a pointer. */
export interface Place {
  readonly parent: Place | null;
  /** A key, or an index of an array. */
  readonly step: string | number;
  readonly outcome: LeafOutcome;
}

export const ROOT_PLACE: Place = { parent: null, step: '', outcome: 'row' };

/** The RFC 6901 pointer. */
export function pointerOf(place: Place): string {
  return place.parent === null ? '' : childPointer(pointerOf(place.parent), place.step);
}

/** The keys, without indexes. */
export function pathOf(place: Place): readonly string[] {
  if (place.parent === null) return [];
  const path = pathOf(place.parent);
  return typeof place.step === 'string' ? [...path, place.step] : path;
}
