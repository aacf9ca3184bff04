import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { MessageActions } from '../actions/letter-actions';
import { read, type Schema } from '../api/client';
import { formatBytes, formatCount, formatDuration, visibleText } from '../format';
import { words } from '../messages';
import { screenWords } from '../messages/screens';
import { DataTable, type TableColumn } from '../ui/data-table';
import { Outcome } from '../ui/outcome';
import { Panel } from '../ui/panel';
import { Answered } from '../ui/states';
import { Foreign, ForeignOrNone, Instant } from '../ui/text';

const text = screenWords.event;

/** One message from its bytes to its cells. */
export function EventScreen({ messageId }: { readonly messageId: string }): ReactNode {
  const [values, setValues] = useState(false);
  const query = useQuery({
    queryKey: ['event', messageId, values],
    queryFn: ({ signal }) =>
      read('/api/events/{messageId}', { path: { messageId }, query: { values } }, signal),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <div className="title">
        <h1>
          {words.screens.event} <Foreign text={messageId} mono />
        </h1>
        {query.data === undefined ? null : <Outcome outcome={query.data.outcome} />}
        <div className="title-end">
          <Link className="button" href="/event">
            {text.again}
          </Link>
          <button
            type="button"
            className="button button-main"
            aria-pressed={values}
            onClick={() => {
              setValues(!values);
            }}
          >
            {values ? text.hide : text.show}
          </button>
        </div>
      </div>
      <Answered query={query}>
        {(event) => <Explanation event={event} values={values && !query.isPlaceholderData} />}
      </Answered>
    </>
  );
}

function Explanation({
  event,
  values,
}: {
  readonly event: Schema<'EventView'>;
  readonly values: boolean;
}): ReactNode {
  const { summary, leaves, leafCount, altered, deadLetters, raw } = event;
  return (
    <>
      <section className="panel">
        <div className="panel-body prose">
          {summary.map((sentence) => (
            <p key={sentence}>{visibleText(sentence)}</p>
          ))}
        </div>
        <Facts event={event} />
      </section>
      {altered > 0 ? (
        <div className="notice bad" role="alert">
          {text.altered(altered)}
        </div>
      ) : null}
      <Panel
        title={text.values}
        end={
          <span className="muted">
            {leafCount === 0
              ? null
              : `${text.valuesSummary(leafCount, event.inColumns, event.inOverflow)}${altered === 0 && event.outcome === 'row' ? `; ${text.exact}` : ''}`}
            {leaves.length < leafCount ? ` · ${words.shown(leaves.length, leafCount)}` : ''}
          </span>
        }
      >
        {leaves.length === 0 ? (
          <p className="panel-body muted">{text.noValues}</p>
        ) : (
          <DataTable
            label={text.values}
            columns={values ? [...LEAF_COLUMNS, VALUE_COLUMN] : LEAF_COLUMNS}
            rows={leaves}
            rowKey={({ pointer }, index) => `${index} ${pointer}`}
            wraps
          />
        )}
      </Panel>
      {event.copies.length < 2 ? null : <Copies copies={event.copies} />}
      {deadLetters.length === 0 ? null : <DeadLetters event={event} />}
      {values && raw !== null ? <Bytes raw={raw} /> : null}
    </>
  );
}

function Facts({ event }: { readonly event: Schema<'EventView'> }): ReactNode {
  const { eventType, table, publishedAt, raw, copies } = event;
  const revision = Math.max(0, ...copies.map((copy) => copy.revision));
  const lagMs = Date.parse(copies[0]?.ingestedAt ?? '') - Date.parse(publishedAt ?? '');
  return (
    <dl className="stats">
      <div>
        <dt>{text.type}</dt>
        <dd className="ellipsis">
          <ForeignOrNone text={eventType} />
        </dd>
      </div>
      <div>
        <dt>{text.table}</dt>
        <dd className="ellipsis">
          {table === null ? (
            words.none
          ) : (
            <Link href={`/tables/${encodeURIComponent(table)}`}>
              <Foreign text={table} />
            </Link>
          )}
        </dd>
      </div>
      <div>
        <dt>
          {text.published}, {words.utc}
        </dt>
        <dd>
          <Instant at={publishedAt} />
        </dd>
      </div>
      <div>
        <dt>{text.size}</dt>
        <dd>{raw === null ? words.none : formatBytes(raw.bytes)}</dd>
      </div>
      <div>
        <dt>{text.copies}</dt>
        <dd>
          {text.copiesOf(copies.length, revision)}
          {Number.isNaN(lagMs) ? null : `, ${text.after(formatDuration(lagMs))}`}
        </dd>
      </div>
    </dl>
  );
}

const PLACE_TONES = { column: 'good', overflow: 'warn', nowhere: 'bad' } as const;

const LEAF_COLUMNS: readonly TableColumn<Schema<'LeafView'>>[] = [
  {
    key: 'pointer',
    head: text.leaf.pointer,
    width: '20%',
    cell: ({ pointer }) => <Foreign text={pointer === '' ? '/' : pointer} mono />,
    sortBy: ({ pointer }) => pointer,
  },
  {
    key: 'place',
    head: text.leaf.place,
    width: '20%',
    cell: ({ place, column, isExact }) => (
      <>
        <span className={`badge ${isExact ? PLACE_TONES[place] : 'bad'}`}>{text.places[place]}</span>{' '}
        {column === null ? null : <Foreign text={column} mono />}
      </>
    ),
    sortBy: ({ place, column }) => `${place} ${column ?? ''}`,
  },
  {
    key: 'type',
    head: text.leaf.type,
    width: '125px',
    cell: ({ type }) => <ForeignOrNone text={type} mono />,
    sortBy: ({ type }) => type ?? '',
  },
  {
    key: 'words',
    head: text.leaf.words,
    cell: ({ words: reason }) => <span title={visibleText(reason)}>{visibleText(reason)}</span>,
    sortBy: ({ words: reason }) => reason,
  },
];

const VALUE_COLUMN: TableColumn<Schema<'LeafView'>> = {
  key: 'json',
  head: text.leaf.json,
  width: '26%',
  cell: ({ json, jsonLength }) =>
    json === null ? (
      words.none
    ) : (
      <span title={visibleText(json)}>
        {jsonLength !== null && json.length < jsonLength ? (
          <span className="badge">{formatCount(jsonLength)}</span>
        ) : null}{' '}
        <Foreign text={json} mono />
      </span>
    ),
};

function DeadLetters({
  event: { messageId, deadLetters: letters },
}: {
  readonly event: Schema<'EventView'>;
}): ReactNode {
  return (
    <Panel title={text.deadLetters} end={<MessageActions messageId={messageId} />}>
      <DataTable
        label={text.deadLetters}
        columns={LETTER_COLUMNS}
        rows={letters}
        rowKey={({ deadLetteredAt }, index) => `${index} ${deadLetteredAt}`}
        wraps
      />
    </Panel>
  );
}

const LETTER_COLUMNS: readonly TableColumn<Schema<'DeadLetterView'>>[] = [
  {
    key: 'at',
    head: screenWords.deadLetters.letterHead.at,
    width: '190px',
    cell: ({ deadLetteredAt }) => <Instant at={deadLetteredAt} />,
  },
  {
    key: 'reason',
    head: screenWords.deadLetters.head.reason,
    width: '220px',
    cell: ({ reason }) => <ForeignOrNone text={reason} mono />,
  },
  {
    key: 'detail',
    head: screenWords.deadLetters.letterHead.detail,
    cell: ({ detail }) => (
      <span title={visibleText(detail ?? '')}>
        <ForeignOrNone text={detail} />
      </span>
    ),
  },
  {
    key: 'attempt',
    head: screenWords.deadLetters.letterHead.attempt,
    width: '90px',
    isNumber: true,
    cell: ({ attempt }) => formatCount(attempt),
  },
];

/** The rows of a message that was delivered more than once. */
function Copies({ copies }: { readonly copies: readonly Schema<'CopyView'>[] }): ReactNode {
  return (
    <Panel title={text.deliveries} end={<span className="muted">{text.deliveriesHint}</span>}>
      <DataTable
        label={text.deliveries}
        columns={COPY_COLUMNS}
        rows={copies}
        rowKey={({ ingestedAt }, index) => `${index} ${ingestedAt ?? ''}`}
      />
    </Panel>
  );
}

const COPY_COLUMNS: readonly TableColumn<Schema<'CopyView'>>[] = [
  {
    key: 'at',
    head: `${text.written}, ${words.utc}`,
    cell: ({ ingestedAt }) => <Instant at={ingestedAt} />,
    sortBy: ({ ingestedAt }) => ingestedAt ?? '',
  },
  {
    key: 'revision',
    head: text.revision,
    isNumber: true,
    width: '140px',
    cell: ({ revision }) => formatCount(revision),
    sortBy: ({ revision }) => revision,
  },
];

function Bytes({ raw }: { readonly raw: Schema<'RawView'> }): ReactNode {
  const shown = raw.text ?? '';
  const attributes = Object.entries(raw.attributes ?? {});
  return (
    <Panel
      title={text.bytes}
      end={
        shown.length < raw.textLength ? (
          <span className="muted">{text.cut(shown.length, raw.textLength)}</span>
        ) : null
      }
    >
      <div className="panel-body">
        <pre className="code" tabIndex={0} role="group" aria-label={text.bytes} dir="ltr">
          {visibleText(shown)}
        </pre>
      </div>
      {attributes.length === 0 ? null : (
        <dl className="stats" aria-label={text.attributes}>
          {attributes.map(([name, value]) => (
            <div key={name}>
              <dt>
                <Foreign text={name} />
              </dt>
              <dd>
                <Foreign text={value} mono />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
}
