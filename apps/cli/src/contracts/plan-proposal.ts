import { pendingApprovals, type PendingApproval } from '@pipeline/books';
import { proposedSchema } from '@pipeline/bigquery-tables';
import { diff, readContract, withTable, type Difference } from '@pipeline/contracts';
import type { Sql } from '@pipeline/google-clients';
import type { TableSchema } from '@pipeline/schema-inference';
import { UsageError } from '../command/exit-codes.js';
import { renderProblems } from './contract-files.js';

/** A contract file with what its table has, or asks for, and the file lacks. */
export interface Proposal {
  readonly table: string;
  readonly file: string;
  /** The file with the proposed changes. */
  readonly text: string;
  /** Columns that the file lacks, and types that differ. */
  readonly differences: readonly Difference[];
  /** The pending approvals that merging grants, the most frequent first. */
  readonly approvals: readonly PendingApproval[];
  /** Pending approvals of the table, those included that are left for the next proposal. */
  readonly total: number;
}

/** Changes of one proposal: more cannot be reviewed, and come with the next one. */
const MAX_CHANGES = 200;

/**
 * Plans the proposal of one file: the columns that were added to the table without it, and the changes that wait for an approval
 * and were not rejected.
 * @returns null if there is nothing to propose, no such table, or no table in the file
 * @throws UsageError if the file has a mistake
 */
export async function planProposal(
  { file, text }: { readonly file: string; readonly text: string },
  {
    sql,
    readSchema,
  }: {
    readonly sql: Sql;
    readonly readSchema: (table: string) => Promise<TableSchema | null>;
  },
): Promise<Proposal | null> {
  const read = readContract(file, text);
  if (read.kind === 'problems') throw new UsageError(renderProblems(read.problems));
  const { contract } = read;
  if (contract.kind !== 'table') return null;
  const { table } = contract;
  const schema = await readSchema(table);
  if (schema === null) return null;
  const known = (): Promise<TableSchema> => Promise.resolve(schema);
  const { approvals, total } = await pendingApprovals(sql, [table], {
    readSchema: known,
    limit: MAX_CHANGES,
  });
  const paths = approvals.map(({ path }) => path);
  const next = await proposedSchema(sql, { tableId: table, schema }, paths);
  const proposed = withTable(file, text, next);
  if (proposed === text) return null;
  const differences = diff(contract, next).filter(isProposed);
  return { table, file, text: proposed, differences, approvals, total };
}

/** A column or wider type that only the file has is made by `contracts apply`. */
function isProposed(difference: Difference): boolean {
  return difference.kind === 'undeclared' || (difference.kind === 'type' && !difference.isWidening);
}
