export {
  CHANGE_VERBS,
  isPipelineColumn,
  NEW_TYPE_VERBS,
  PIPELINE_COLUMNS,
  toChangeVerb,
  toNewTypeVerb,
  type ChangeVerb,
  type Column,
  type ColumnMode,
  type ColumnType,
  type NewTypeVerb,
  type TableSchema,
} from './schema/column.js';
export { DEFAULT_LIMITS, type Limits } from './schema/limits.js';
export { decodeEvent, type Decoded, type DecodeOptions, type EventSource } from './decode/decode-event.js';
export {
  DEFAULT_EVENT_TYPE_SOURCES,
  parseEventTypeSources,
  type EventTypeSource,
  type EventTypeSources,
  type ParsedSources,
} from './decode/event-type-sources.js';
export { isGzip, MAX_UNPACKED_BYTES } from './decode/unpack.js';
export type { Rejected, RejectionCode } from './decode/rejection.js';
export type { DecodedEvent } from './decode/decoded-event.js';
export { routeEventType } from './schema/route-event-type.js';
export { compileSchema, type CompiledSchema } from './schema/compile-schema.js';
export { fit, type FitOptions, type Fitted } from './fit/fit.js';
export { overflowText, type Overflow, type OverflowEntry, type OverflowReason } from './fit/overflow.js';
export type { JsonValue, Row } from './values/row.js';
export type { SchemaChange } from './schema/schema-change.js';
export { plan, type CapacityWarning, type Plan, type PlannedChange } from './plan/plan.js';
export { buildRow, type BuiltRow, type WholeRow } from './fit/build-row.js';
export type { RowMessage } from './fit/written-row.js';
export { refit, type Refitted } from './fit/refit.js';
export { explain, type ExplainedLeaf, type ExplainOptions } from './fit/explain.js';
export { columnName } from './schema/column-name.js';
export { peopleText, readNote, writeDescription, type PipelineNote } from './schema/description.js';
export type { Shape } from './schema/shape.js';
export { isSameScalar, leavesOf, type Leaf } from './fit/leaves.js';
export { BatchPlanner, planBatch, type BatchPlan } from './plan/plan-batch.js';
export { readDateText } from './values/date-text.js';
export { isWidening, wider, WIDENING, type WideningType } from './values/widening.js';
export { parseDays, parseInstant, toMicros } from './values/instant.js';
export {
  fieldNumber,
  fieldTag,
  isPacked,
  LENGTH_DELIMITED_TYPES,
  WIRE_TYPES,
  type WireType,
} from './schema/wire-form.js';
