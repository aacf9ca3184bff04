import { allRows, type Sql, type SqlRow } from '@pipeline/google-clients';
import type { TableSchema } from '@pipeline/schema-inference';
import { listContractTables } from '../event-tables.js';
import { pendingApprovals } from '../pending-approvals.js';
import { pendingTypes } from '../pending-types.js';
import { textOf, textOrNull } from '../sql-row.js';
import { historyFact, type HistoryEntry } from './history-facts.js';
import { LEDGER_HOURS, ledgerFacts, type LedgerLine } from './ledger-facts.js';
import { factId, type Fact } from './notice.js';
import type { FactSource, FactSpan } from './notice-facts.port.js';
import { approvalsOf, pendingFacts } from './pending-facts.js';

/** Age of the oldest change and decision that is news. */
export const HISTORY_MS = 7 * 86_400_000;
/** Facts of one run; more are read by the next runs. */
const MAX_FACTS = 50_000;

/** Changes and decisions, from `_schema_history`. */
export class HistoryFacts implements FactSource {
  constructor(private readonly sql: Sql) {}

  async read({ now, reported }: FactSpan): Promise<readonly Fact[]> {
    const facts: Fact[] = [];
    for await (const entry of historyEntries(this.sql, new Date(now.getTime() - HISTORY_MS))) {
      const fact = historyFact(entry);
      if (!reported.has(factId(fact))) facts.push(fact);
      if (facts.length >= MAX_FACTS) break;
    }
    return facts;
  }
}

/** Changes and event types that wait for an approval, from the rows and `_quarantine`. */
export class PendingFacts implements FactSource {
  constructor(
    private readonly sql: Sql,
    private readonly readSchema: (table: string) => Promise<TableSchema | null>,
  ) {}

  async read({ now, publishedSince }: FactSpan): Promise<readonly Fact[]> {
    const { sql, readSchema } = this;
    const types = await pendingTypes(sql, { publishedSince });
    const tables = await listContractTables(sql);
    const changes = await pendingApprovals(sql, tables, { readSchema, publishedSince });
    const approvals = [...types.approvals, ...changes.approvals];
    if (approvals.length === 0) return [];
    const entries: HistoryEntry[] = [];
    // Read after the list, so that an approval in between is known.
    const since = new Date(now.getTime() - HISTORY_MS);
    for await (const entry of historyEntries(sql, since, `AND kind = 'APPROVE_CHANGE'`)) entries.push(entry);
    return pendingFacts(approvals, approvalsOf(entries));
  }
}

/** Books, dead letters and silent tables, from `_ledger`. */
export class LedgerFacts implements FactSource {
  constructor(private readonly sql: Sql) {}

  async read({ now }: FactSpan): Promise<readonly Fact[]> {
    const rows = await allRows(this.sql, {
      sql: `SELECT table_name, TO_JSON_STRING(ARRAY_AGG(STRUCT(
  FORMAT_TIMESTAMP('%FT%TZ', span_start) AS hour, received, dead_letters AS deadLetters, in_progress AS inProgress, unaccounted,
  FORMAT_TIMESTAMP('%FT%TZ', audited_at) AS auditedAt))) AS lines
FROM (
  SELECT *, MAX(audited_at) OVER (PARTITION BY span_start) AS last_audit
  FROM ${this.sql.archiveName('_ledger')} WHERE span_start >= @since
)
WHERE audited_at = last_audit
GROUP BY table_name ORDER BY table_name`,
      parameters: { since: new Date(now.getTime() - LEDGER_HOURS * 3_600_000) },
    });
    return ledgerFacts(rows.map((row) => ({ table: textOrNull(row, 'table_name'), lines: linesOf(row) })));
  }
}

function linesOf(row: SqlRow): readonly LedgerLine[] {
  return JSON.parse(textOf(row, 'lines')) as LedgerLine[];
}

async function* historyEntries(sql: Sql, since: Date, condition = ''): AsyncGenerator<HistoryEntry> {
  const rows = sql.rows({
    sql: `SELECT change_id, table_name, path, kind, from_type, to_type, message_id, changed_at, actor,
  IF(kind IN ('APPROVE_CHANGE', 'REJECT_CHANGE'), JSON_VALUE(sample.reason), NULL) AS reason
FROM ${sql.name('_schema_history')}
WHERE changed_at >= @since ${condition}
QUALIFY ROW_NUMBER() OVER (PARTITION BY change_id ORDER BY version, actor) = 1
ORDER BY changed_at, table_name, path, change_id`,
    parameters: { since },
    tableId: '_schema_history',
  });
  for await (const row of rows)
    yield {
      changeId: textOf(row, 'change_id'),
      table: textOf(row, 'table_name'),
      path: textOrNull(row, 'path'),
      kind: textOf(row, 'kind'),
      fromType: textOrNull(row, 'from_type'),
      toType: textOrNull(row, 'to_type'),
      messageId: textOrNull(row, 'message_id'),
      reason: textOrNull(row, 'reason'),
      changedAt: textOf(row, 'changed_at'),
      actor: textOf(row, 'actor'),
    };
}
