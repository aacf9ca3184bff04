import { plan, type CompiledSchema, type SchemaChange } from '@pipeline/schema-inference';
import type { TableNeed } from './reconciler-options.js';

/**
 * The need of many events as one: it is served when planning all of their changes changes nothing.
 *
 * @param cause a message id, or the id of the run that needs them
 */
export function joinedNeed(changes: readonly SchemaChange[], cause: string): TableNeed {
  return { cause, pendingIn: (compiled) => (isServed(changes, compiled) ? [] : changes) };
}

function isServed(changes: readonly SchemaChange[], { schema, limits }: CompiledSchema): boolean {
  return plan(schema, [changes], limits).changes.length === 0;
}
