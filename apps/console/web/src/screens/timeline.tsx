import { useQuery } from '@tanstack/react-query';
import { useMemo, type ReactNode } from 'react';
import { Link } from 'wouter';
import { read, type Schema } from '../api/client';
import { visibleText } from '../format';
import { words } from '../messages';
import { screenWords } from '../messages/screens';
import { FilterField, SpanPicker, useSince } from '../ui/controls';
import { DataTable, type TableColumn } from '../ui/data-table';
import { Panel } from '../ui/panel';
import { Answered, Empty } from '../ui/states';
import { Foreign, ForeignOrNone, Instant } from '../ui/text';
import { useFilter } from './tables';
import { TimelineChange } from './timeline-change';

const text = screenWords.timeline;
const LIMIT = 2_000;
const TABLE_NAME = /^[\w-]{1,1024}$/;

/** Every schema change with the message that caused it. */
export function TimelineScreen(): ReactNode {
  const [since, setSince] = useSince('7d');
  const [table, setTable] = useFilter('table');
  const query = useQuery({
    queryKey: ['timeline', since],
    queryFn: ({ signal }) => read('/api/timeline', { query: { since, limit: LIMIT } }, signal),
  });
  const name = table.trim();
  const isCut = query.data !== undefined && query.data.changes.length < query.data.total;
  // Changes of one table that are not among the newest of all.
  const ofTable = useQuery({
    queryKey: ['timeline', since, name],
    queryFn: ({ signal }) => read('/api/timeline', { query: { since, limit: LIMIT, table: name } }, signal),
    enabled: isCut && TABLE_NAME.test(name),
    retry: false,
  });
  return (
    <>
      <div className="title">
        <h1>{words.screens.timeline}</h1>
        <div className="title-end">
          <FilterField label={text.table} value={table} onChange={setTable} />
          <SpanPicker since={since} onChange={setSince} />
        </div>
      </div>
      <Answered query={query}>
        {(newest) => {
          const { total, changes } = ofTable.data?.total ? ofTable.data : newest;
          return <Changes total={total} changes={changes} table={name} />;
        }}
      </Answered>
    </>
  );
}

function Changes({
  total,
  changes,
  table,
}: {
  readonly total: number;
  readonly changes: readonly Schema<'ChangeView'>[];
  readonly table: string;
}): ReactNode {
  const [chosenId, setChosen] = useFilter('change');
  const columns = useMemo(() => [...COLUMNS, detailsColumn(setChosen)], [setChosen]);
  const chosen = changes.find(({ changeId }) => changeId === chosenId);
  const exact = TABLE_NAME.test(table) && changes.some(({ tableId }) => tableId === table);
  const wanted = table.toLowerCase();
  const shown = changes
    .filter(({ tableId }) => (exact ? tableId === table : tableId.toLowerCase().includes(wanted)))
    .toReversed();
  if (shown.length === 0)
    return (
      <div className="panel">
        <Empty title={text.empty} hint={text.emptyHint} />
      </div>
    );
  return (
    <>
      {chosen === undefined ? null : (
        <TimelineChange
          change={chosen}
          onClose={() => {
            setChosen('');
          }}
        />
      )}
      <Panel
        title={text.summary(shown.length)}
        end={
          changes.length < total ? <span className="muted">{words.shown(changes.length, total)}</span> : null
        }
      >
        <DataTable
          label={words.screens.timeline}
          columns={columns}
          rows={shown}
          rowKey={({ changeId }, index) => `${index} ${changeId}`}
          isSelected={({ changeId }) => changeId === chosenId}
        />
      </Panel>
    </>
  );
}

const KIND_TONES: Readonly<Record<string, string>> = {
  CREATE_TABLE: 'accent',
  ADD_COLUMN: 'good',
  WIDEN_COLUMN: 'accent',
  DROP_COLUMN: 'bad',
  DROP_TABLE: 'bad',
  CHANGE_COLUMN: 'warn',
  CLOSE_RECORD: 'warn',
  CLOSE_TABLE: 'warn',
};
const UNKNOWN_ACTOR = text.unknownActor;

/** A change of one column opens with its cause. */
function detailsColumn(choose: (changeId: string) => void): TableColumn<Schema<'ChangeView'>> {
  return {
    key: 'details',
    head: text.head.details,
    width: '84px',
    cell: ({ changeId, kind, tableId, path }) => (
      <button
        type="button"
        className="link-button"
        aria-label={text.detailsOf(text.kinds[kind] ?? kind, visibleText(path ?? tableId))}
        onClick={() => {
          choose(changeId);
        }}
      >
        {text.details}
      </button>
    ),
  };
}

const COLUMNS: readonly TableColumn<Schema<'ChangeView'>>[] = [
  {
    key: 'when',
    head: `${text.head.when}, ${words.utc}`,
    width: '190px',
    cell: ({ changedAtMs }) => <Instant at={changedAtMs} />,
    sortBy: ({ changedAtMs }) => changedAtMs,
  },
  {
    key: 'table',
    head: text.head.table,
    width: '16%',
    cell: ({ tableId }) => (
      <Link href={`/tables/${encodeURIComponent(tableId)}`}>
        <Foreign text={tableId} />
      </Link>
    ),
    sortBy: ({ tableId }) => tableId,
  },
  {
    key: 'change',
    head: text.head.change,
    width: '190px',
    cell: ({ kind }) => <span className={`badge ${KIND_TONES[kind] ?? ''}`}>{text.kinds[kind] ?? kind}</span>,
    sortBy: ({ kind }) => kind,
  },
  {
    key: 'column',
    head: text.head.column,
    cell: ({ path }) => <ForeignOrNone text={path} mono />,
    sortBy: ({ path }) => path ?? '',
  },
  {
    key: 'types',
    head: text.head.types,
    width: '12%',
    cell: ({ fromType, toType }) => (
      <span className="mono">
        {fromType === null ? '' : `${fromType} → `}
        {toType ?? ''}
      </span>
    ),
  },
  {
    key: 'cause',
    head: text.cause,
    width: '190px',
    cell: (change) => <Cause change={change} />,
    sortBy: ({ messageId, actor }) => messageId ?? actor,
  },
];

/** The message that caused a change; without one, the author. */
function Cause({
  change: { messageId, sample, actor },
}: {
  readonly change: Schema<'ChangeView'>;
}): ReactNode {
  if (messageId !== null)
    return (
      <Link href={`/event/${encodeURIComponent(messageId)}`} title={shapeOf(sample)}>
        <Foreign text={messageId} mono />
      </Link>
    );
  if (actor === UNKNOWN_ACTOR) return <span className="badge warn">{text.byHand}</span>;
  return (
    <span className="muted" title={visibleText(actor)}>
      <Foreign text={actor} />
    </span>
  );
}

function shapeOf(sample: unknown): string {
  return sample === null ? '' : visibleText(`${text.sample}: ${JSON.stringify(sample)}`);
}
