export {
  PIPELINE_COLUMNS,
  type Column,
  type ColumnMode,
  type ColumnType,
  type TableSchema,
} from './column.js';
export { DEFAULT_LIMITS, type Limits } from './limits.js';
export { decodeEvent, type Decoded, type DecodeOptions, type EventSource } from './decode-event.js';
export type { Rejected, RejectionCode } from './rejection.js';
export type { DecodedEvent } from './decoded-event.js';
export { routeEventType } from './route-event-type.js';
export { compileSchema, type CompiledSchema } from './compile-schema.js';
export { fit, type FitOptions, type Fitted } from './fit.js';
export { overflowText, type Overflow, type OverflowEntry, type OverflowReason } from './overflow.js';
export type { JsonValue, Row } from './row.js';
export type { SchemaChange } from './schema-change.js';
export { plan, type CapacityWarning, type Plan, type PlannedChange } from './plan.js';
export { buildRow, type BuiltRow, type RowMessage } from './build-row.js';
export { explain, type ExplainedLeaf, type ExplainOptions } from './explain.js';
export { readNote, type PipelineNote } from './description.js';
export type { Shape } from './shape.js';
export { isSameScalar, leavesOf, type Leaf } from './leaves.js';
export { BatchPlanner, planBatch, type BatchPlan } from './plan-batch.js';
