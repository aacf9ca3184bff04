import type { InferredType } from './column.js';
import { isWidening, wider } from '../values/widening.js';

export type ScalarType = Exclude<InferredType, 'RECORD'>;

/** A candidate column without children. JSON is never repeated. */
export interface ScalarShape {
  readonly type: ScalarType;
  readonly repeated: boolean;
}

/** A candidate RECORD: its children by event key, in order of first sight; at least one. */
export interface RecordShape {
  readonly type: 'RECORD';
  readonly repeated: boolean;
  readonly fields: ReadonlyMap<string, Shape>;
}

/** A candidate for a new column, by event keys; planning gives the names. */
export type Shape = ScalarShape | RecordShape;

/** The top of the lattice: it has a join with everything, itself. */
export const JSON_SHAPE: ScalarShape = { type: 'JSON', repeated: false };

const DATE_LIKE: ReadonlySet<InferredType> = new Set(['DATE', 'DATETIME', 'TIMESTAMP', 'STRING']);

/**
 * Returns the join of two candidates: the narrowest column that holds both.
 *
 * Shape: INT64 ⊔ NUMERIC = NUMERIC; DATE ⊔ TIMESTAMP = STRING; RECORDs join key by key; any other pair is JSON.
 * Laws: idempotent, associative, commutative up to the order of a record's keys (left first), monotone.
 */
export function joinShapes(left: Shape, right: Shape): Shape {
  if (left === right) return left;
  if (left.repeated !== right.repeated) return JSON_SHAPE;
  if (left.type === 'RECORD' && right.type === 'RECORD') return joinRecords(left, right);
  if (left.type === 'RECORD' || right.type === 'RECORD') return JSON_SHAPE;
  const type = joinScalars(left.type, right.type);
  return type === 'JSON' ? JSON_SHAPE : { type, repeated: left.repeated };
}

function joinRecords(left: RecordShape, right: RecordShape): RecordShape {
  const fields = new Map(left.fields);
  for (const [key, shape] of right.fields) {
    const present = fields.get(key);
    fields.set(key, present === undefined ? shape : joinShapes(present, shape));
  }
  return { type: 'RECORD', repeated: left.repeated, fields };
}

function joinScalars(left: ScalarType, right: ScalarType): ScalarType {
  if (left === right) return left;
  if (DATE_LIKE.has(left) && DATE_LIKE.has(right)) return 'STRING';
  if (isWidening(left) && isWidening(right)) return wider(left, right);
  return 'JSON';
}
