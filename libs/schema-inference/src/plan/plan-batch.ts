import type { Column, TableSchema } from '../schema/column.js';
import { compileSchema, type CompiledSchema } from '../schema/compile-schema.js';
import { decodeEvent, type Decoded, type DecodeOptions, type EventSource } from '../decode/decode-event.js';
import type { DecodedEvent } from '../decode/decoded-event.js';
import type { OnOverflow } from '../fit/fit-tree.js';
import { fit } from '../fit/fit.js';
import { DEFAULT_LIMITS, type Limits } from '../schema/limits.js';
import { PendingJoin } from './pending-join.js';
import { plan, type Plan } from './plan.js';
import type { Rejected } from '../decode/rejection.js';
import type { SchemaChange } from '../schema/schema-change.js';

/** The plan of a batch of messages, and the rejections of those that are not events. */
export interface BatchPlan {
  readonly plan: Plan;
  readonly rejections: readonly Rejected[];
}

/**
 * Plans all these messages together. The result equals fitting each against `schema` and planning everything pending; it
 * runs at reading speed if the messages are alike.
 */
export function planBatch(
  schema: TableSchema,
  messages: Iterable<EventSource>,
  limits?: Partial<Limits>,
): BatchPlan {
  const planner = new BatchPlanner(schema, limits);
  const rejections: Rejected[] = [];
  for (const message of messages) {
    const decoded = planner.decode(message);
    if (decoded.kind === 'rejected') rejections.push(decoded);
    else planner.add(decoded.event);
  }
  return { plan: planner.plan(), rejections };
}

/**
 * Plans messages one by one in memory that does not grow with their number.
 *
 * Messages that match the schema planned so far add nothing to the join and are neither parsed nor fitted.
 */
export class BatchPlanner {
  private readonly limits: Limits;
  private readonly compiled: CompiledSchema;
  private readonly pending: PendingJoin;
  private soFar: CompiledSchema | null = null;
  private decoding: DecodeOptions = {};
  private count = 0;
  private nextPlanAt = 1;
  private planned: Plan | null = null;

  /** @param schema the current table; the pipeline's columns alone if it does not exist yet */
  constructor(
    private readonly schema: TableSchema,
    limits?: Partial<Limits>,
  ) {
    this.limits = { ...DEFAULT_LIMITS, ...limits };
    this.compiled = compileSchema(schema, limits);
    this.pending = new PendingJoin(this.limits);
  }

  /** The schema to decode the next event against. */
  get expected(): CompiledSchema {
    return this.soFar ?? this.compiled;
  }

  decode(message: EventSource): Decoded {
    return decodeEvent(message, this.decoding);
  }

  /** Joins the changes that the event needs. `onOverflow` is called for each value that no change would bring into a column. */
  add(event: DecodedEvent, onOverflow?: OnOverflow): void {
    if (this.soFar !== null && event.matches(this.soFar)) return;
    const { pending } = fit(event, this.compiled, { verdictOnly: true, ...(onOverflow && { onOverflow }) });
    if (pending.length > 0) {
      this.pending.add(pending);
      this.planned = null;
      if (++this.count >= this.nextPlanAt) this.planAhead();
    }
  }

  /** Returns the plan of all events so far. */
  plan(): Plan {
    this.planned ??= plan(this.schema, [this.pending.changes()], this.limits);
    return this.planned;
  }

  /** Returns the joined changes that the events need, under the schema that the planner began with. */
  changes(): readonly SchemaChange[] {
    return this.pending.changes();
  }

  /** Runs at doubling intervals, so that a batch in which nothing matches is planned a logarithmic number of times. */
  private planAhead(): void {
    this.nextPlanAt *= 2;
    const known = compileIfDecisive(this.plan(), this.limits);
    this.soFar = known;
    this.decoding = known === null ? {} : { schemaOf: () => known, verdictOnly: true };
  }
}

/**
 * Compiles a planned schema for matching messages; null if a value can fit a planned column and still change it: an
 * integer fits a new FLOAT64 column, but their join is JSON.
 */
function compileIfDecisive({ schema, changes }: Plan, limits: Limits): CompiledSchema | null {
  const isOpen = changes.some((change) => change.kind === 'ADD_COLUMN' && hasFloat(change.column));
  return isOpen ? null : compileSchema(schema, limits);
}

function hasFloat(column: Column): boolean {
  return column.type === 'FLOAT64' || (column.columns ?? []).some(hasFloat);
}
