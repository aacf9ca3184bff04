import { childPointer } from './overflow.js';

/** What happens to a leaf that its column (or candidate) would hold. */
export type Fate = 'row' | 'pending' | 'closed';

/** Where in the event a walk is: steps back to the root, because most places are never told to anybody. */
export interface Place {
  readonly parent: Place | null;
  /** A key, or an index of an array. */
  readonly step: string | number;
  readonly fate: Fate;
}

export const ROOT_PLACE: Place = { parent: null, step: '', fate: 'row' };

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
