import { useQuery } from '@tanstack/react-query';
import { useMemo, type ReactNode } from 'react';
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
      <Answered query={query}>{(answer) => <List answer={answer} filter={filter} />}</Answered>
    </>
  );
}

function List({
  answer: { tables, columnBudget },
  filter,
}: {
  readonly answer: Schema<'TablesView'>;
  readonly filter: string;
}): ReactNode {
  const columns = useMemo(() => columnsOf(columnBudget), [columnBudget]);
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
          columns={columns}
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

/** The contract's verbs of a table, if it has any but `evolve`. */
function ContractBadge({
  table: { newColumns, typeChanges },
}: {
  readonly table: Schema<'TableSummaryView'>;
}): ReactNode {
  const { newColumns: ofColumns, typeChanges: ofTypes } = screenWords.table;
  const verbs = [
    ...(newColumns === 'evolve' ? [] : [[newColumns, ofColumns[newColumns]] as const]),
    ...(typeChanges === 'evolve' ? [] : [[typeChanges, ofTypes[typeChanges]] as const]),
  ];
  if (verbs.length === 0) return null;
  return (
    <span className="badge accent" title={verbs.map(([, meaning]) => meaning).join('; ')}>
      {[...new Set(verbs.map(([verb]) => verb))].join(', ')}
    </span>
  );
}

const columnsOf = (columnBudget: number): readonly TableColumn<Schema<'TableSummaryView'>>[] => [
  {
    key: 'table',
    head: screenWords.tables.columns.table,
    width: '22%',
    cell: (row) => (
      <>
        <Link href={`/tables/${encodeURIComponent(row.table)}`}>
          <Foreign text={row.table} />
        </Link>{' '}
        <ContractBadge table={row} />
      </>
    ),
    sortBy: ({ table }) => table,
  },
  {
    key: 'columns',
    head: screenWords.tables.columns.columns,
    width: '130px',
    isNumber: true,
    cell: ({ columns }) => (
      <span title={screenWords.table.budget(columns, columnBudget)}>
        {formatCount(columns)} <span className="zero-text">/ {formatCount(columnBudget)}</span>
      </span>
    ),
    sortBy: ({ columns }) => columns,
  },
  {
    key: 'rows',
    head: screenWords.tables.columns.rows,
    width: '110px',
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
