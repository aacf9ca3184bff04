import { JSON_SHAPE, joinShapes, type RecordShape, type ScalarShape, type Shape } from './shape.js';

/**
 * An object whose keys are data and that JSON cannot hold: it needs no column. If another element of the same array makes
 * that field a RECORD, the field becomes JSON instead: a RECORD would take the keys that are data as children, and the
 * event would need them after its own plan.
 */
export const UNUSABLE_OBJECT: ScalarShape = { type: 'JSON', repeated: false };
/** The same for an array of such objects, or of objects and other things. */
export const UNUSABLE_OBJECTS: ScalarShape = { type: 'JSON', repeated: true };

/**
 * Joins the candidates that two elements of one array have for a field. Consumes both: `left` may be changed and returned,
 * and parts of `right` reused, because copying the fields at each element would be quadratic.
 */
export function joinElements(left: Shape, right: Shape): Shape {
  if (left.type === 'RECORD' && right.type === 'RECORD' && left.repeated === right.repeated) {
    return joinFields(left, right);
  }
  if (isUnusable(left)) return besideUnusable(left, right);
  return isUnusable(right) ? besideUnusable(right, left) : joinShapes(left, right);
}

function joinFields(left: RecordShape, right: RecordShape): RecordShape {
  const fields = left.fields as Map<string, Shape>;
  for (const [key, shape] of right.fields) {
    const present = fields.get(key);
    fields.set(key, present === undefined ? shape : joinElements(present, shape));
  }
  return left;
}

function besideUnusable(unusable: Shape, other: Shape): Shape {
  const isSameKind = other.type === 'RECORD' && other.repeated === unusable.repeated && !isUnusable(other);
  return isSameKind ? JSON_SHAPE : other;
}

/** True if no part of it needs a column. */
export function isUnusable(shape: Shape): boolean {
  if (shape.type !== 'RECORD') return shape === UNUSABLE_OBJECT || shape === UNUSABLE_OBJECTS;
  for (const field of shape.fields.values()) if (!isUnusable(field)) return false;
  return true;
}

/** Returns the shape without its unusable parts, or null if nothing is left. */
export function usablePart(shape: Shape | null): Shape | null {
  if (shape === null || isUnusable(shape)) return null;
  if (shape.type !== 'RECORD') return shape;
  const fields = new Map<string, Shape>();
  for (const [key, field] of shape.fields) {
    const usable = usablePart(field);
    if (usable !== null) fields.set(key, usable);
  }
  return { type: 'RECORD', repeated: shape.repeated, fields };
}
