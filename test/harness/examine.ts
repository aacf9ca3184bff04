import { deepAudit, listEventTables, type DeepAudit, type Span } from '@pipeline/books';
import type { Sql } from '@pipeline/google-clients';
import { gatherEvidence } from './gather-evidence.js';
import { judge, type Judgement } from './judge.js';
import type { Warehouse } from './warehouse.js';

/** Altered values that are named. */
const MAX_ALTERED = 10_000;

/** The verdict on every message, and the count of rebuilt and altered values. */
export interface Examination extends Judgement {
  readonly deep: Pick<DeepAudit, 'rows' | 'leaves' | 'altered'>;
}

/** Rebuilds every event from its row, and compares every message with its attribute `expected`. */
export async function examine(
  { sql, tables }: Warehouse,
  {
    span,
    published,
    signal,
    onProgress,
  }: {
    readonly span: Span;
    /** Scenario → messages published. */
    readonly published: ReadonlyMap<string, number>;
    readonly signal?: AbortSignal;
    readonly onProgress?: (rows: number) => void;
  },
): Promise<Examination> {
  const { rows, leaves, altered, values } = await deepAudit(sql, {
    span,
    readSchema: async (table) => (await tables.read(table))?.schema ?? null,
    limit: MAX_ALTERED,
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(signal === undefined ? {} : { signal }),
  });
  const judgement = judge(published, await gatherEvidence(sql, { span, altered: values }));
  return { ...judgement, deep: { rows, leaves, altered } };
}

/** The reasons in the `_overflow` of all rows, each once. */
export async function overflowReasons(sql: Sql): Promise<string[]> {
  const reasons = new Set<string>();
  for (const table of await listEventTables(sql)) {
    const query = `SELECT TO_JSON_STRING(_overflow) AS overflow FROM ${sql.name(table)} WHERE _overflow IS NOT NULL`;
    for await (const { overflow } of sql.rows({ sql: query })) {
      const entries = JSON.parse(overflow as string) as Record<string, { readonly reason: string }>;
      for (const { reason } of Object.values(entries)) reasons.add(reason);
    }
  }
  return [...reasons].sort();
}
