import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import { ApiError, read, type Schema } from '../api/client';
import { addressOf } from '../app';
import { visibleText } from '../format';
import { words } from '../messages';
import { screenWords } from '../messages/screens';
import { SpanPicker, useSince } from '../ui/controls';
import { DataTable, type TableColumn } from '../ui/data-table';
import { Icon } from '../ui/icons';
import { Outcome } from '../ui/outcome';
import { Panel } from '../ui/panel';
import { Answered, Empty } from '../ui/states';
import { Foreign, ForeignOrNone, Instant } from '../ui/text';

/** BigQuery's own limit is far below. */
const NO_LIMIT = 1e15;
/** A search that reads more says its bytes first, and waits. */
const FREE_BYTES = 1_000_000_000;

/** Finds messages by id, by a text, or by a condition on a column. */
export function SearchScreen(): ReactNode {
  const [parameters] = useSearchParams();
  const value = parameters.get('value') ?? '';
  const [since, setSince] = useSince('24h');
  return (
    <>
      <div className="title">
        <h1>{words.search.label}</h1>
        <div className="title-end">
          <SpanPicker since={since} onChange={setSince} />
        </div>
      </div>
      <SearchForm key={value} value={value} since={since} />
      {value === '' ? null : <Results key={`${value} ${since}`} value={value} since={since} />}
    </>
  );
}

function SearchForm({ value, since }: { readonly value: string; readonly since: string }): ReactNode {
  const [text, setText] = useState(value);
  const [, navigate] = useLocation();
  return (
    <form
      className="panel panel-body"
      onSubmit={(event) => {
        event.preventDefault();
        const wanted = text.trim();
        if (wanted === '') return;
        const address = addressOf(wanted);
        navigate(address.includes('?') ? `${address}&since=${since}` : address);
      }}
    >
      <div className="code-bar">
        <span className="field" style={{ flex: 1 }}>
          <Icon name="event" />
          <input
            type="search"
            aria-label={words.search.label}
            aria-describedby="search-hint"
            placeholder={words.search.placeholder}
            value={text}
            spellCheck={false}
            autoComplete="off"
            onChange={({ target }) => {
              setText(target.value);
            }}
          />
        </span>
        <button type="submit" className="button button-main">
          {screenWords.event.find}
        </button>
      </div>
      <p id="search-hint" className="muted small" style={{ marginTop: 8 }}>
        {screenWords.event.hint}
      </p>
    </form>
  );
}

function Results({ value, since }: { readonly value: string; readonly since: string }): ReactNode {
  const [maxBytes, setMaxBytes] = useState(FREE_BYTES);
  const query = useQuery({
    queryKey: ['find', value, since, maxBytes],
    queryFn: ({ signal }) => read('/api/events', { query: { value, since, maxBytes } }, signal),
  });
  if (query.error instanceof ApiError && query.error.code === 'TOO_EXPENSIVE')
    return (
      <div className="notice" role="alert">
        <span>{costOf(query.error)}</span>
        <button
          type="button"
          className="button"
          onClick={() => {
            setMaxBytes(NO_LIMIT);
          }}
        >
          {screenWords.event.allow}
        </button>
      </div>
    );
  return (
    <Answered query={query}>
      {({ total, messages, estimatedBytes }) => (
        <Panel
          title={screenWords.event.found(total)}
          end={
            <span className="muted">
              {messages.length < total ? `${words.shown(messages.length, total)} · ` : ''}
              {screenWords.event.didRead(estimatedBytes)}
            </span>
          }
        >
          {messages.length === 0 ? (
            <Empty title={screenWords.event.nothingFound} hint={screenWords.event.nothingFoundHint} />
          ) : (
            <DataTable
              label={screenWords.event.found(total)}
              columns={COLUMNS}
              rows={messages}
              rowKey={({ messageId }) => messageId}
            />
          )}
        </Panel>
      )}
    </Answered>
  );
}

/** The bytes that the API names in its refusal, else its words. */
function costOf({ message }: ApiError): string {
  const [, bytes] = /\bread (\d+) bytes\b/.exec(message) ?? [];
  return bytes === undefined ? visibleText(message) : screenWords.event.wouldRead(Number(bytes));
}

const COLUMNS: readonly TableColumn<Schema<'FoundView'>>[] = [
  {
    key: 'message',
    head: screenWords.event.columns.message,
    width: '240px',
    cell: ({ messageId }) => (
      <Link href={`/event/${encodeURIComponent(messageId)}`}>
        <Foreign text={messageId} mono />
      </Link>
    ),
  },
  {
    key: 'outcome',
    head: screenWords.event.columns.outcome,
    width: '140px',
    cell: ({ kind }) => <Outcome outcome={kind} />,
    sortBy: ({ kind }) => kind,
  },
  {
    key: 'where',
    head: screenWords.event.columns.where,
    cell: ({ table, reason }) => <ForeignOrNone text={reason ?? table} />,
    sortBy: ({ table, reason }) => reason ?? table ?? '',
  },
  {
    key: 'published',
    head: screenWords.event.columns.published,
    width: '190px',
    cell: ({ publishedAt }) => <Instant at={publishedAt} />,
    sortBy: ({ publishedAt }) => publishedAt,
  },
];
