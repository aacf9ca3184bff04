import type { Column, TableSchema } from './column.js';
import { compileSchema, type CompiledSchema } from './compile-schema.js';
import { decodeEvent, type EventSource } from './decode-event.js';
import { fit } from './fit.js';
import type { Limits } from './limits.js';
import { plan, type Plan } from './plan.js';
import type { Rejected } from './rejection.js';
import type { SchemaChange } from './schema-change.js';

/** The plan of a batch of messages, and those that are no events. */
export interface BatchPlan {
  readonly plan: Plan;
  readonly rejections: readonly Rejected[];
}

/**
 * What one plan of all these messages would do to a table: the same as fitting each against `schema` and planning what is
 * pending together, at the speed of reading where the messages are alike.
 *
 * Messages that match, byte for byte, what is planned so far add nothing to the join and are neither parsed nor fitted.
 */
export function planBatch(
  schema: TableSchema,
  messages: Iterable<EventSource>,
  limits?: Partial<Limits>,
): BatchPlan {
  const compiled = compileSchema(schema, limits);
  const pending: (readonly SchemaChange[])[] = [];
  const rejections: Rejected[] = [];
  let soFar: CompiledSchema | null = null;
  let planned: { readonly plan: Plan; readonly count: number } | null = null;
  let nextPlanAt = 1;
  for (const message of messages) {
    const known: CompiledSchema | null = soFar;
    const decoded = decodeEvent(message, known === null ? {} : { schemaOf: () => known, verdictOnly: true });
    if (decoded.kind === 'rejected') {
      rejections.push(decoded);
      continue;
    }
    if (known !== null && decoded.event.matches(known)) continue;
    const changes = fit(decoded.event, compiled, { verdictOnly: true }).pending;
    if (changes.length === 0) continue;
    pending.push(changes);
    if (pending.length < nextPlanAt) continue;
    // Ever more rarely, so that a batch in which nothing matches is planned a logarithmic number of times.
    nextPlanAt *= 2;
    planned = { plan: plan(schema, pending, limits), count: pending.length };
    soFar = compileIfDecisive(planned.plan, limits);
  }
  // Nothing was added since the last plan, mostly.
  const last =
    planned !== null && planned.count === pending.length ? planned.plan : plan(schema, pending, limits);
  return { plan: last, rejections };
}

/**
 * A planned schema as one that messages may be matched against; null where a value can fit a column and change it still:
 * an integer fits a new FLOAT64 column, but their join is JSON.
 */
function compileIfDecisive(
  { schema, changes }: Plan,
  limits: Partial<Limits> | undefined,
): CompiledSchema | null {
  const isOpen = changes.some((change) => change.kind === 'ADD_COLUMN' && hasFloat(change.column));
  return isOpen ? null : compileSchema(schema, limits);
}

function hasFloat(column: Column): boolean {
  return column.type === 'FLOAT64' || (column.columns ?? []).some(hasFloat);
}
