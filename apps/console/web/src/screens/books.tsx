import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { HourActions } from '../actions/table-actions';
import { read, type Schema } from '../api/client';
import { words } from '../messages';
import { screenWords } from '../messages/screens';
import { SpanPicker, useSince } from '../ui/controls';
import { DataTable, type TableColumn } from '../ui/data-table';
import { HeatMap, type HeatCell } from '../ui/heat-map';
import { Panel } from '../ui/panel';
import { Answered, Empty, Guarded } from '../ui/states';
import { Foreign, Instant } from '../ui/text';
import { Equation } from './now';

const LedgerChart = lazy(async () => ({ default: (await import('../ui/ledger-chart')).LedgerChart }));

const text = screenWords.books;
/** An audit that reads less begins by itself. */
const FREE_BYTES = 1_000_000_000;

/** The books of a period, hour by hour and table by table. */
export function BooksScreen(): ReactNode {
  const [since, setSince] = useSince('24h');
  return (
    <>
      <div className="title">
        <h1>{words.screens.books}</h1>
        <div className="title-end">
          <SpanPicker since={since} onChange={setSince} />
        </div>
      </div>
      <Audit key={since} since={since} />
      <Ledger since={since} />
    </>
  );
}

/** Every hour that an audit wrote down, of this period. */
function Ledger({ since }: { readonly since: string }): ReactNode {
  const query = useQuery({
    queryKey: ['ledger', since],
    queryFn: ({ signal }) => read('/api/books/ledger', { query: { since } }, signal),
  });
  return (
    <Panel title={text.ledger} end={<span className="muted">{text.ledgerHint}</span>}>
      <Answered query={query}>
        {(hours) =>
          hours.length === 0 ? (
            <Empty title={text.noLedger} hint={text.noLedgerHint} />
          ) : (
            <Guarded>
              <Suspense fallback={<div className="chart" />}>
                <LedgerChart hours={hours} />
              </Suspense>
            </Guarded>
          )
        }
      </Answered>
    </Panel>
  );
}

function Audit({ since }: { readonly since: string }): ReactNode {
  const [isStarted, setStarted] = useState(false);
  const estimate = useQuery({
    queryKey: ['books-estimate', since],
    queryFn: ({ signal }) => read('/api/books/estimate', { query: { since } }, signal),
  });
  const bytes = estimate.data?.estimatedBytes ?? Infinity;
  const books = useQuery({
    queryKey: ['books', since],
    queryFn: ({ signal }) =>
      // More may have arrived since the estimate.
      read('/api/books', { query: { since, maxBytes: Math.ceil(bytes * 1.1) + FREE_BYTES } }, signal),
    enabled: isStarted || bytes <= FREE_BYTES,
  });
  return (
    <Answered query={estimate}>
      {({ estimatedBytes }) =>
        books.isEnabled ? (
          <Answered query={books}>{(taken) => <Result books={taken} />}</Answered>
        ) : (
          <div className="notice">
            <span>{text.cost(estimatedBytes)}</span>
            <button
              type="button"
              className="button"
              onClick={() => {
                setStarted(true);
              }}
            >
              {text.start}
            </button>
          </div>
        )
      }
    </Answered>
  );
}

function Result({ books }: { readonly books: Schema<'BooksView'> }): ReactNode {
  const [chosen, setChosen] = useState<HeatCell | null>(null);
  const { totals, lines, unaccounted, auditedAt } = books;
  if (lines.length === 0)
    return (
      <div className="panel">
        <Empty title={text.empty} hint={text.emptyHint} />
      </div>
    );
  return (
    <>
      <Panel
        title={totals.unaccounted === 0 ? text.balanced : text.unbalanced(totals.unaccounted)}
        end={
          <span className="muted">
            <Instant at={auditedAt} /> {words.utc}
          </span>
        }
      >
        <Equation totals={totals} />
      </Panel>
      <Panel title={text.heat} end={<Legend />}>
        <HeatMap lines={lines} span={books.span} chosen={chosen} onChoose={setChosen} />
        {chosen === null ? <p className="panel-body muted small">{text.heatHint}</p> : null}
      </Panel>
      {chosen === null ? null : (
        <Hour
          cell={chosen}
          unaccounted={unaccounted}
          onClose={() => {
            setChosen(null);
          }}
        />
      )}
      {unaccounted.length === 0 ? null : (
        <Panel title={text.unaccounted} end={<span className="muted">{text.oldest}</span>}>
          <Ids messages={unaccounted} label={text.unaccounted} />
        </Panel>
      )}
    </>
  );
}

function Hour({
  cell: { table, hour, line },
  unaccounted,
  onClose,
}: {
  readonly cell: HeatCell;
  readonly unaccounted: readonly Schema<'UnaccountedView'>[];
  readonly onClose: () => void;
}): ReactNode {
  const ofHour = unaccounted.filter(
    ({ publishedAt }) => line.unaccounted > 0 && publishedAt.slice(0, 13) === hour.slice(0, 13),
  );
  return (
    <Panel
      title={
        <>
          <Foreign text={table ?? text.noTable} />, {hour.slice(0, 16).replace('T', ' ')} {words.utc}
        </>
      }
      end={
        <>
          {line.deadLetters === 0 ? null : (
            <Link className="button" href={lettersOf(table)}>
              {words.screens.deadLetters}
            </Link>
          )}
          {table === null ? null : (
            <>
              <HourActions table={table} hour={hour} />
              <Link className="button" href={`/tables/${encodeURIComponent(table)}`}>
                {screenWords.event.table}
              </Link>
            </>
          )}
          <button type="button" className="button" onClick={onClose}>
            {text.close}
          </button>
        </>
      }
    >
      <Equation totals={line} />
      {ofHour.length === 0 ? null : <Ids messages={ofHour} label={text.inHour} />}
    </Panel>
  );
}

function lettersOf(table: string | null): string {
  return table === null
    ? '/dead-letters?since=30d'
    : `/dead-letters?since=30d&table=${encodeURIComponent(table)}`;
}

const ID_COLUMNS: readonly TableColumn<Schema<'UnaccountedView'>>[] = [
  {
    key: 'message',
    head: screenWords.event.columns.message,
    cell: ({ messageId }) => (
      <Link href={`/event/${encodeURIComponent(messageId)}`}>
        <Foreign text={messageId} mono />
      </Link>
    ),
    sortBy: ({ messageId }) => messageId,
  },
  {
    key: 'published',
    head: `${screenWords.event.columns.published}, ${words.utc}`,
    cell: ({ publishedAt }) => <Instant at={publishedAt} />,
    sortBy: ({ publishedAt }) => publishedAt,
  },
];

function Ids({
  messages,
  label,
}: {
  readonly messages: readonly Schema<'UnaccountedView'>[];
  readonly label: string;
}): ReactNode {
  return (
    <DataTable label={label} columns={ID_COLUMNS} rows={messages} rowKey={({ messageId }) => messageId} />
  );
}

function Legend(): ReactNode {
  return (
    <span className="legend">
      <span>
        <i className="swatch level-2" />
        {text.legend.rows}
      </span>
      <span>
        <i className="swatch level-dead">•</i>
        {text.legend.dead}
      </span>
      <span>
        <i className="swatch level-progress">~</i>
        {text.legend.progress}
      </span>
      <span>
        <i className="swatch level-bad">!</i>
        {text.legend.unaccounted}
      </span>
    </span>
  );
}
