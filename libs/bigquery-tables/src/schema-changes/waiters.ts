import type { CloudError } from '@pipeline/google-clients';
import type { CompiledSchema } from '@pipeline/schema-inference';
import type { Claim } from './claims.js';
import type { TableNeed } from './reconciler-options.js';
import type { KnownTable } from './table-cache.js';

/** An event that waits for a change of a table. */
export interface Waiter {
  readonly need: TableNeed;
  readonly sinceMs: number;
  readonly resolve: (table: KnownTable) => void;
  readonly reject: (error: CloudError) => void;
}

/** Resolves the waiters that have nothing pending. @returns the others */
export function serve(waiters: readonly Waiter[], table: KnownTable): readonly Waiter[] {
  return waiters.filter((waiter) => {
    const isServed = waiter.need.pendingIn(table.compiled).length === 0;
    if (isServed) {
      waiter.resolve(table);
    }
    return !isServed;
  });
}

/** Returns the claims of the events of a round under a schema. */
export function claimsOf(joined: readonly Waiter[], compiled: CompiledSchema): readonly Claim[] {
  return joined.flatMap(({ need }) => {
    const pending = need.pendingIn(compiled);
    const { cause: messageId, eventType } = need;
    return pending.length === 0
      ? []
      : [{ messageId, pending, ...(eventType === undefined ? {} : { eventType }) }];
  });
}
