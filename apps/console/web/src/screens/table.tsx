import { useQuery } from '@tanstack/react-query';
import { useMemo, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { TableActions } from '../actions/table-actions';
import { read, type Schema } from '../api/client';
import { formatCount, formatShare, visibleText } from '../format';
import { words } from '../messages';
import { screenWords } from '../messages/screens';
import { CopyButton, FilterField } from '../ui/controls';
import { DataTable, type TableColumn } from '../ui/data-table';
import { HourBars } from '../ui/hour-bars';
import { Panel } from '../ui/panel';
import { Answered, Empty, Failure } from '../ui/states';
import { Ago, Foreign, ForeignOrNone, Instant } from '../ui/text';
import { TableSample } from './table-sample';
import { useFilter } from './tables';

const text = screenWords.table;

/** One table: activity, what overflows, and every column. */
export function TableScreen({ table }: { readonly table: string }): ReactNode {
  const query = useQuery({
    queryKey: ['table', table],
    queryFn: ({ signal }) => read('/api/tables/{table}', { path: { table } }, signal),
  });
  const name = encodeURIComponent(table);
  return (
    <>
      <div className="title">
        <h1>
          <Foreign text={table} />
        </h1>
        {query.data?.closed === true ? <span className="badge warn">{text.closed}</span> : null}
        {query.data === undefined ? null : <ContractMode view={query.data} />}
        <div className="title-end">
          {query.data === undefined ? null : <TableActions table={table} />}
          <Link className="button" href={`/timeline?table=${name}&since=30d`}>
            {text.timeline}
          </Link>
          <Link className="button" href={`/dead-letters?table=${name}`}>
            {text.letters}
          </Link>
        </div>
      </div>
      <Answered query={query}>{(view) => <Body view={view} />}</Answered>
    </>
  );
}

/** The contract's verbs, if it has any but `evolve`. */
function ContractMode({
  view: { newColumns, typeChanges },
}: {
  readonly view: Schema<'TableView'>;
}): ReactNode {
  return (
    <>
      {newColumns === 'evolve' ? null : <span className="badge accent">{text.newColumns[newColumns]}</span>}
      {typeChanges === 'evolve' ? null : (
        <span className="badge accent">{text.typeChanges[typeChanges]}</span>
      )}
    </>
  );
}

function Body({ view }: { readonly view: Schema<'TableView'> }): ReactNode {
  const { table, columns, columnBudget, activity, overflow, createdAt } = view;
  const leaves = columns.filter(({ type }) => type !== 'RECORD').length;
  const rows = activity.reduce((sum, hour) => sum + hour.rows, 0);
  const sql = queryOf(table, columns);
  return (
    <>
      <div className="two">
        <Panel title={text.activity} end={<span className="muted">{text.rowsOfDay(rows)}</span>}>
          <div className="panel-body">
            <HourBars activity={activity} />
          </div>
          <dl className="stats">
            <div>
              <dt>{text.columns}</dt>
              <dd>
                <span className="meter" aria-hidden="true">
                  <span style={{ width: `${Math.min(100, (leaves / columnBudget) * 100)}%` }} />
                </span>
                {text.budget(leaves, columnBudget)}
              </dd>
            </div>
            <div>
              <dt>
                {text.created}, {words.utc}
              </dt>
              <dd>
                <Instant at={createdAt} />
              </dd>
            </div>
          </dl>
        </Panel>
        <Panel title={text.overflow}>
          {overflow.length === 0 ? (
            <p className="panel-body muted">{text.noOverflow}</p>
          ) : (
            <DataTable
              label={text.overflow}
              columns={OVERFLOW_COLUMNS}
              rows={overflow}
              rowKey={({ path, reason }) => `${path} ${reason ?? ''}`}
              wraps
            />
          )}
        </Panel>
      </div>
      <Columns view={view} />
      <TableSample table={table} />
      <Panel title={text.sql} end={<CopyButton text={sql} />}>
        <div className="panel-body">
          <pre className="code" tabIndex={0} role="group" aria-label={text.sql}>
            {visibleText(sql)}
          </pre>
        </div>
      </Panel>
    </>
  );
}

const QUERY_COLUMNS = 8;

/** A query of the newest events of a table, each once. */
function queryOf(table: string, columns: readonly Schema<'ColumnView'>[]): string {
  const names = columns
    .filter(({ path }) => !path.includes('.') && !path.startsWith('_'))
    .slice(0, QUERY_COLUMNS)
    .map(({ path }) => `\`${path}\``);
  return `SELECT ${['_publish_time', ...names].join(', ')}
FROM \`${table}_unique\`
WHERE _publish_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)
ORDER BY _publish_time DESC
LIMIT 100`;
}

function Columns({ view: { table, columns } }: { readonly view: Schema<'TableView'> }): ReactNode {
  const [filter, setFilter] = useFilter('column');
  const [isCounting, setCounting] = useState(false);
  const estimate = useQuery({
    queryKey: ['fill-estimate', table],
    queryFn: ({ signal }) => read('/api/tables/{table}/fill/estimate', { path: { table } }, signal),
  });
  const fill = useQuery({
    queryKey: ['fill', table],
    queryFn: ({ signal }) =>
      read(
        '/api/tables/{table}/fill',
        { path: { table }, query: { maxBytes: estimate.data?.estimatedBytes ?? 0 } },
        signal,
      ),
    enabled: isCounting,
  });
  const wanted = filter.trim().toLowerCase();
  const shown = useMemo(
    () => (wanted === '' ? columns : columns.filter(({ path }) => path.toLowerCase().includes(wanted))),
    [columns, wanted],
  );
  const heads = useMemo(() => columnsOf(fill.data), [fill.data]);
  return (
    <>
      {fill.error === null ? null : <Failure error={fill.error} />}
      <Panel
        title={`${text.columns} (${formatCount(shown.length)})`}
        end={
          <>
            {fill.data !== undefined || estimate.data === undefined ? null : (
              <>
                <span className="muted">{text.countCost(estimate.data.estimatedBytes)}</span>
                <button
                  type="button"
                  className="button"
                  disabled={fill.isFetching}
                  onClick={() => {
                    setCounting(true);
                  }}
                >
                  {text.count}
                </button>
              </>
            )}
            <FilterField label={text.filterLabel} value={filter} onChange={setFilter} />
          </>
        }
      >
        {shown.length === 0 ? (
          <Empty title={text.noMatch} />
        ) : (
          <DataTable label={text.columns} columns={heads} rows={shown} rowKey={({ path }) => path} />
        )}
      </Panel>
    </>
  );
}

type Column = Schema<'ColumnView'>;

function columnsOf(fill: Schema<'FillView'> | undefined): readonly TableColumn<Column>[] {
  const filled: TableColumn<Column> = {
    key: 'fill',
    head: text.head.fill,
    width: '130px',
    isNumber: true,
    cell: ({ path }) => {
      const rows = fill?.filled[path];
      if (fill === undefined || rows === undefined) return <span className="zero-text">{words.none}</span>;
      return (
        <span title={`${formatCount(rows)} / ${formatCount(fill.rows)}`}>
          <span className="meter" aria-hidden="true">
            <span style={{ width: `${fill.rows === 0 ? 0 : (rows / fill.rows) * 100}%` }} />
          </span>
          {formatShare(rows, fill.rows)}
        </span>
      );
    },
    sortBy: ({ path }) => fill?.filled[path] ?? -1,
  };
  return [
    {
      key: 'path',
      head: text.head.path,
      width: '26%',
      cell: ({ path }) => <Foreign text={path} mono />,
      sortBy: ({ path }) => path,
    },
    {
      key: 'type',
      head: text.head.type,
      width: '120px',
      cell: ({ type }) => <span className="mono">{type}</span>,
      sortBy: ({ type }) => type,
    },
    {
      key: 'mode',
      head: text.head.mode,
      width: '110px',
      cell: ({ mode }) => (
        <span className={mode === 'NULLABLE' ? 'zero-text' : ''}>{mode.toLowerCase()}</span>
      ),
      sortBy: ({ mode }) => mode,
    },
    ...(fill === undefined ? [] : [filled]),
    {
      key: 'first',
      head: text.head.first,
      width: '180px',
      cell: ({ firstMessageId }) =>
        firstMessageId === null ? (
          <span className="zero-text">{words.none}</span>
        ) : (
          <Link href={`/event/${encodeURIComponent(firstMessageId)}`}>
            <Foreign text={firstMessageId} mono />
          </Link>
        ),
    },
    {
      key: 'added',
      head: text.head.added,
      width: '120px',
      cell: ({ addedAtMs }) => <Ago at={addedAtMs} />,
      sortBy: ({ addedAtMs }) => addedAtMs ?? 0,
    },
    {
      key: 'description',
      head: text.head.description,
      cell: ({ description }) => (
        <span title={visibleText(description ?? '')}>
          <ForeignOrNone text={description} />
        </span>
      ),
    },
  ];
}

const OVERFLOW_COLUMNS: readonly TableColumn<Schema<'OverflowView'>>[] = [
  {
    key: 'path',
    head: text.overflowHead.path,
    cell: ({ path }) => <Foreign text={path} mono />,
    sortBy: ({ path }) => path,
  },
  {
    key: 'reason',
    head: text.overflowHead.reason,
    width: '30%',
    cell: ({ reason }) => <ForeignOrNone text={reason} mono />,
    sortBy: ({ reason }) => reason ?? '',
  },
  {
    key: 'values',
    head: text.overflowHead.values,
    width: '80px',
    isNumber: true,
    cell: ({ values }) => formatCount(values),
    sortBy: ({ values }) => values,
  },
  {
    key: 'sample',
    head: text.overflowHead.sample,
    width: '175px',
    cell: ({ sampleMessageId }) => (
      <Link href={`/event/${encodeURIComponent(sampleMessageId)}`}>
        <Foreign text={sampleMessageId} mono />
      </Link>
    ),
  },
];
