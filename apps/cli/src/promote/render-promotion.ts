import type { PromotionRun } from '@pipeline/bigquery-tables';
import { countOf } from '../command/count-words.js';
import { formatBytes, textTable } from '../command/text-table.js';

/** A line for each table and publish day, then the totals. */
export function renderPromotion(
  { days }: PromotionRun,
  { isDryRun, isLocal }: { readonly isDryRun: boolean; readonly isLocal: boolean },
): string {
  if (days.length === 0) return 'No row has a value in _overflow or in a retired column.';
  const moved = days.reduce((sum, { valuesMoved }) => sum + valuesMoved, 0);
  const rows = days.reduce((sum, { rowsChanged }) => sum + rowsChanged, 0);
  const bytes = days.reduce((sum, { bytesProcessed }) => sum + bytesProcessed, 0);
  const cost = isLocal ? '' : ` BigQuery ${isDryRun ? 'would read' : 'processed'} ${formatBytes(bytes)}.`;
  return [
    textTable(
      ['table', 'published', 'outcome', 'rows read', 'rows changed', 'values moved', 'detail'],
      days.map((day) => [
        day.table,
        day.day,
        day.outcome,
        day.rowsRead,
        day.rowsChanged,
        day.valuesMoved,
        day.detail,
      ]),
    ),
    '',
    `${countOf(moved, 'value')} of ${countOf(rows, 'row')} ${isDryRun ? 'would move' : 'moved'} to their columns.${cost}`,
  ].join('\n');
}
