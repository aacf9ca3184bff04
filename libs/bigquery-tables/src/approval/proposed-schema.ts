import { plan, type TableSchema } from '@pipeline/schema-inference';
import type { StoredTable } from '../schema-changes/table-store.port.js';
import { keysOf, restrictChange } from './change-path.js';
import { waitingClaims, type ApprovalSql } from './waiting-values.js';

/**
 * Returns a table as it would be if the changes at some paths were approved. Nothing is changed.
 *
 * The types are those of all values that wait, as an approval makes them. Reads `_overflow` once, however many paths there are.
 * @param paths as `contracts pending` lists them
 * @throws CloudError
 */
export async function proposedSchema(
  sql: ApprovalSql,
  table: Pick<StoredTable, 'tableId' | 'schema'>,
  paths: readonly string[],
): Promise<TableSchema> {
  if (paths.length === 0) return table.schema;
  const claims = await waitingClaims(sql, table, '');
  const keys = paths.map(keysOf);
  const pending = claims.flatMap((claim) =>
    claim.pending.flatMap((change) =>
      keys.flatMap((path) => {
        const restricted = restrictChange(change, path);
        return restricted === null ? [] : [restricted];
      }),
    ),
  );
  return plan({ ...table.schema, ignoresVerbs: true }, [pending]).schema;
}
