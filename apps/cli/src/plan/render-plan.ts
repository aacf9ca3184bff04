import type { PlanReport, ReportedChange, TableReport } from '@pipeline/bigquery-tables';
import { countOf } from '../command/count-words.js';
import { printable } from '../command/printable.js';
import { textTable } from '../command/text-table.js';

const MAX_REJECTED = 20;

/** The plan as a person reads it: table by table, then what would be rejected. */
export function renderPlan({ events, rejected, tables, unplanned }: PlanReport): string {
  const parts = [
    `${countOf(events, 'event')}, ${rejected.count} rejected, ${countOf(tables.length, 'table')}`,
    ...tables.map(renderTable),
  ];
  if (rejected.count > 0) {
    parts.push(
      textTable(
        ['line', 'would be a dead letter', 'why'],
        rejected.samples.slice(0, MAX_REJECTED).map(({ line, code, detail }) => [line, code, detail]),
      ),
    );
  }
  if (unplanned > 0)
    parts.push(`${countOf(unplanned, 'event is', 'events are')} of more tables than one plan takes.`);
  return parts.join('\n\n');
}

function renderTable(report: TableReport): string {
  const { table, action, events, held, problem, changes, conflicts, columns, warnings } = report;
  const head = {
    create:
      held === undefined
        ? `+ ${table}: would be made by ${countOf(events, 'event')}`
        : `! ${table}: would not be made by ${countOf(events, 'event')}`,
    change: `~ ${table}: would change by ${countOf(events, 'event')}`,
    unchanged: `= ${table}: takes ${countOf(events, 'event')} as it is`,
    unusable: `! ${table}: takes none of ${countOf(events, 'event')}`,
  }[action];
  const lines = [
    `${head} (${columns.used} of ${columns.budget} columns)`,
    ...(held === undefined ? [] : [`    ! ${HELD[held]}`]),
    ...(problem === null ? [] : [`    ! ${problem}`]),
    ...changes.map((change) => `    ${renderChange(change)}`),
    ...conflicts.map(
      ({ at, reason, count, sample }) =>
        `    ! ${at}: ${count} to _overflow, ${reason} (line ${sample.line})`,
    ),
    ...warnings.map(
      ({ path, used, limit, percent }) =>
        `    ! ${path.join('.') || 'the table'}: ${percent} % full, ${used} of ${limit}`,
    ),
  ];
  return lines.map(printable).join('\n');
}

const HELD: Readonly<Record<NonNullable<TableReport['held']>, string>> = {
  AWAITING_APPROVAL:
    'new event type: its events go whole to _quarantine (AWAITING_APPROVAL) until a person approves it; then the table is made so:',
  TABLE_GUARD:
    'the limit on new tables is reached: its events go whole to _quarantine (TABLE_GUARD); else the table would be made so:',
  TYPE_NOT_ALLOWED:
    'new event type, which the contract of the dataset rejects: its events would be dead letters (TYPE_NOT_ALLOWED); approved, the table is made so:',
};

function renderChange({ kind, path, from, to }: ReportedChange): string {
  switch (kind) {
    case 'CREATE_TABLE':
      return 'make the table';
    case 'ADD_COLUMN':
      return `+ ${path ?? ''} ${to ?? ''}`;
    case 'WIDEN_COLUMN':
      return `~ ${path ?? ''} ${from ?? ''} → ${to ?? ''}`;
    case 'RELAX_COLUMN':
      return `~ ${path ?? ''} may be NULL`;
    case 'CLOSE_RECORD':
      return `! ${path ?? ''} is full and takes no new fields`;
    case 'CLOSE_TABLE':
      return '! the table is full and takes no new columns';
  }
}
