import {
  checkStatements,
  type ContractCheck,
  type TableContract,
  type UncheckedRule,
} from '@pipeline/contracts';
import { allRows, type Sql } from '@pipeline/google-clients';
import type { TableSchema } from '@pipeline/schema-inference';

/** The rows to look at, and the bytes that one statement may read. */
export interface CheckScope {
  readonly from: Date;
  readonly to: Date;
  readonly maximumBytesBilled: number;
}

/** A check with its violations. */
export type CountedCheck =
  | (ContractCheck & {
      readonly violations: number;
      /** A message whose row violates the rule; null without one. */
      readonly sampleMessageId: string | null;
    })
  /** `NO_COLUMN`: the table has no such column yet; `TYPE`: its type cannot be checked for this rule. */
  | (UncheckedRule & { readonly violations: null });

/** Counts the violations of a contract by SQL, one statement for the columns and one for each list of which elements are checked. */
export async function countViolations(
  sql: Sql,
  { contract, schema }: { readonly contract: TableContract; readonly schema: TableSchema },
  { from, to, maximumBytesBilled }: CheckScope,
): Promise<readonly CountedCheck[]> {
  const { table } = contract;
  const { statements, unchecked } = checkStatements(contract, schema, sql.name(table));
  const counted: CountedCheck[] = [];
  for (const statement of statements) {
    const parameters = { ...statement.parameters, span_from: from, span_to: to };
    const [row = {}] = await allRows(sql, {
      sql: statement.sql,
      parameters,
      maximumBytesBilled,
      tableId: table,
    });
    statement.checks.forEach((check, index) => {
      const sample = row[`m${index}`];
      const sampleMessageId = typeof sample === 'string' ? sample : null;
      counted.push({ ...check, violations: Number(row[`c${index}`] ?? 0), sampleMessageId });
    });
  }
  const all = [...counted, ...unchecked.map((rule) => ({ ...rule, violations: null }))];
  return all.sort((left, right) => left.line - right.line);
}
