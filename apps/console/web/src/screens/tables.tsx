import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useSearchParams } from 'wouter';
import { read, type Schema } from '../api/client';
import { formatCount, formatShare } from '../format';
import { words } from '../messages';
import { screenWords } from '../messages/screens';
import { FilterField } from '../ui/controls';
import { DataTable, type TableColumn } from '../ui/data-table';
import { Panel } from '../ui/panel';
import { Answered, Empty } from '../ui/states';
import { Ago, Foreign } from '../ui/text';

const REFRESH_MS = 30_000;

/** A text of the address, for filters. */
export function useFilter(name: string): [string, (value: string) => void] {
  const [parameters, setParameters] = useSearchParams();
  return [
    parameters.get(name) ?? '',
    (value) => {
      setParameters(
        (before) => {
          const after = new URLSearchParams(before);
          if (value === '') after.delete(name);
          else after.set(name, value);
          return after;
        },
        { replace: true },
      );
    },
  ];
}

/** Every event table: rows, columns, overflow, last change. */
export function TablesScreen(): ReactNode {
  const query = useQuery({
    queryKey: ['tables'],
    queryFn: ({ signal }) => read('/api/tables', {}, signal),
    refetchInterval: REFRESH_MS,
  });
  const [filter, setFilter] = useFilter('filter');
  return (
    <>
      <div className="title">
        <h1>{words.screens.tables}</h1>
        <div className="title-end">
          <FilterField label={screenWords.tables.filterLabel} value={filter} onChange={setFilter} />
        </div>
      </div>
      <Answered query={query}>{({ tables }) => <List tables={tables} filter={filter} />}</Answered>
    </>
  );
}

function List({
  tables,
  filter,
}: {
  readonly tables: readonly Schema<'TableSummaryView'>[];
  readonly filter: string;
}): ReactNode {
  const wanted = filter.trim().toLowerCase();
  const shown = wanted === '' ? tables : tables.filter(({ table }) => table.toLowerCase().includes(wanted));
  if (tables.length === 0)
    return (
      <div className="panel">
        <Empty title={screenWords.tables.empty} hint={screenWords.tables.emptyHint} />
      </div>
    );
  return (
    <Panel title={screenWords.tables.summary(shown.length)}>
      {shown.length === 0 ? (
        <Empty title={screenWords.tables.noMatch} />
      ) : (
        <DataTable
          label={words.screens.tables}
          columns={COLUMNS}
          rows={shown}
          rowKey={({ table }) => table}
        />
      )}
    </Panel>
  );
}

function waitingOf(waiting: Schema<'WaitingView'> | null): number {
  return waiting === null ? 0 : waiting.awaitingColumn + waiting.awaitingApproval;
}

const COLUMNS: readonly TableColumn<Schema<'TableSummaryView'>>[] = [
  {
    key: 'table',
    head: screenWords.tables.columns.table,
    width: '22%',
    cell: ({ table }) => (
      <Link href={`/tables/${encodeURIComponent(table)}`}>
        <Foreign text={table} />
      </Link>
    ),
    sortBy: ({ table }) => table,
  },
  {
    key: 'columns',
    head: screenWords.tables.columns.columns,
    width: '110px',
    isNumber: true,
    cell: ({ columns }) => formatCount(columns),
    sortBy: ({ columns }) => columns,
  },
  {
    key: 'rows',
    head: screenWords.tables.columns.rows,
    width: '130px',
    isNumber: true,
    cell: ({ rows }) => <span className={rows === 0 ? 'zero-text' : ''}>{formatCount(rows)}</span>,
    sortBy: ({ rows }) => rows,
  },
  {
    key: 'overflow',
    head: screenWords.tables.columns.overflow,
    width: '140px',
    isNumber: true,
    cell: ({ rows, overflowedRows }) => (
      <span className={overflowedRows === 0 ? 'zero-text' : 'warn-text'} title={formatCount(overflowedRows)}>
        {formatShare(overflowedRows, rows)}
      </span>
    ),
    sortBy: ({ rows, overflowedRows }) => (rows === 0 ? 0 : overflowedRows / rows),
  },
  {
    key: 'waiting',
    head: screenWords.tables.columns.waiting,
    width: '130px',
    isNumber: true,
    cell: ({ waiting }) => {
      const count = waitingOf(waiting);
      return <span className={count === 0 ? 'zero-text' : 'warn-text'}>{formatCount(count)}</span>;
    },
    sortBy: ({ waiting }) => waitingOf(waiting),
  },
  {
    key: 'last',
    head: screenWords.tables.columns.last,
    width: '120px',
    cell: ({ lastPublishedAt }) => <Ago at={lastPublishedAt} />,
    sortBy: ({ lastPublishedAt }) => lastPublishedAt ?? '',
  },
  {
    key: 'change',
    head: screenWords.tables.columns.change,
    cell: ({ table, lastChange }) =>
      lastChange === null ? (
        <span className="zero-text">{words.none}</span>
      ) : (
        <Link href={`/timeline?table=${encodeURIComponent(table)}&since=30d`}>
          {screenWords.timeline.kinds[lastChange.kind] ?? lastChange.kind}{' '}
          {lastChange.path === null ? null : <Foreign text={lastChange.path} mono />}
        </Link>
      ),
    sortBy: ({ lastChange }) => lastChange?.changedAtMs ?? 0,
  },
];
