import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, type ReactNode } from 'react';
import { Link } from 'wouter';
import { read, type Schema } from '../api/client';
import { NOW_KEY, useNowStream } from '../live/use-now-stream';
import { formatCount, formatDuration } from '../format';
import { words } from '../messages';
import { DataTable, type TableColumn } from '../ui/data-table';
import { Icon } from '../ui/icons';
import { Panel } from '../ui/panel';
import { Answered, Empty, Guarded } from '../ui/states';
import { Ago, Foreign, Instant } from '../ui/text';

const LocalCloudPanel = lazy(async () => ({ default: (await import('./local-cloud')).LocalCloudPanel }));
const RateChart = lazy(async () => ({ default: (await import('../ui/rate-chart')).RateChart }));

const SECOND_MS = 1_000;

/** Is all well: the equation of the books, what needs a person, rates and lags. */
export function NowScreen(): ReactNode {
  const { isOpen: isLive, outdatedAt } = useNowStream();
  const query = useQuery({
    queryKey: NOW_KEY,
    queryFn: ({ signal }) => read('/api/now', {}, signal),
    refetchInterval: ({ state }) => (isLive ? false : (state.data?.refreshSeconds ?? 2) * SECOND_MS),
    placeholderData: keepPreviousData,
  });
  const isOutdated = query.data !== undefined && query.data.takenAt === outdatedAt;
  return (
    <>
      <div className="title">
        <h1>{words.screens.now}</h1>
        {query.data === undefined ? null : (
          <div className="title-end muted small">
            {query.data.isLocal ? <span className="badge accent">{words.local}</span> : null}
            <span className={`badge ${isLive && !isOutdated ? 'good' : ''}`}>
              {isOutdated ? words.now.reading : isLive ? words.now.live : words.now.polling}
            </span>
            <span>
              {words.now.asOf} <Instant at={query.data.takenAt} /> {words.utc}
            </span>
          </div>
        )}
      </div>
      <Answered query={query}>{(now) => <State now={now} isOutdated={isOutdated} />}</Answered>
    </>
  );
}

function State({
  now,
  isOutdated,
}: {
  readonly now: Schema<'NowView'>;
  readonly isOutdated: boolean;
}): ReactNode {
  return (
    <>
      <Verdict totals={now.totals} outdatedAt={isOutdated ? now.takenAt : null} />
      <Panel title={words.now.equation} end={<span className="muted">{words.now.lastDay}</span>}>
        <Equation totals={now.totals} />
      </Panel>
      <div className="two">
        <Panel title={words.now.attention}>
          <Concerns concerns={now.concerns} />
        </Panel>
        <Panel title={words.now.rates} end={<LongestLag minutes={now.minutes} />}>
          {now.minutes.length === 0 ? (
            <Empty title={words.now.noRows} />
          ) : (
            <Guarded>
              <Suspense fallback={<div className="chart" />}>
                <RateChart minutes={now.minutes} until={now.takenAt} />
              </Suspense>
            </Guarded>
          )}
        </Panel>
      </div>
      <Panel title={words.now.byTable}>
        {now.tables.length === 0 ? (
          <Empty title={words.now.empty} hint={words.now.emptyHint} />
        ) : (
          <DataTable
            label={words.now.byTable}
            columns={COLUMNS}
            rows={now.tables}
            rowKey={({ table }) => table ?? ''}
          />
        )}
      </Panel>
      {now.isLocal ? (
        <Guarded>
          <Suspense fallback={null}>
            <LocalCloudPanel />
          </Suspense>
        </Guarded>
      ) : null}
    </>
  );
}

/** The first line. Outdated figures have no colour of success, and their time instead. */
function Verdict({
  totals,
  outdatedAt,
}: {
  readonly totals: Schema<'CountsView'>;
  readonly outdatedAt: string | null;
}): ReactNode {
  const { received, unaccounted, mistimed, inProgress } = totals;
  const age = outdatedAt === null ? null : <Outdated at={outdatedAt} />;
  if (unaccounted + mistimed > 0)
    return (
      <div className="verdict bad" role="status">
        <Icon name="bad" />
        {unaccounted > 0 ? words.now.unbalanced(unaccounted) : words.now.mistimed(mistimed)}
        {age}
        <Link className="verdict-more" href="/books">
          {words.screens.books}
        </Link>
      </div>
    );
  if (received === 0)
    return (
      <div className="verdict" role="status">
        {words.now.empty}
        {age}
      </div>
    );
  return (
    <div className={`verdict ${outdatedAt === null ? 'good' : ''}`} role="status">
      <Icon name="good" />
      {inProgress > 0 ? words.now.balancedInProgress(inProgress) : words.now.balanced}
      {age}
    </div>
  );
}

function Outdated({ at }: { readonly at: string }): ReactNode {
  return (
    <span className="muted">
      {words.now.readAt} <Ago at={at} />
    </span>
  );
}

const TERMS = [
  { key: 'received', operator: null, href: '/books', tone: '' },
  { key: 'rows', operator: '=', href: '/tables', tone: '' },
  { key: 'deadLetters', operator: '+', href: '/dead-letters?since=24h', tone: 'warn' },
  { key: 'dismissed', operator: '+', href: null, tone: '' },
  { key: 'quarantined', operator: '+', href: '/approvals', tone: 'warn' },
  { key: 'inProgress', operator: '+', href: null, tone: '' },
  { key: 'unaccounted', operator: '+', href: '/books', tone: 'bad' },
] as const;

/** received = rows + dead letters + dismissed + quarantined + in progress + unaccounted */
export function Equation({ totals }: { readonly totals: Schema<'CountsView'> }): ReactNode {
  return (
    <div className="equation">
      {TERMS.filter(({ key }) => key !== 'dismissed' || totals.dismissed > 0).map(
        ({ key, operator, href, tone }) => {
          const count = totals[key];
          const className = `figure ${count === 0 ? 'zero' : tone}`;
          const body = (
            <>
              <span className="figure-value">{formatCount(count)}</span>
              <span className="figure-label">{words.counts[key]}</span>
            </>
          );
          return [
            operator === null ? null : (
              <span key={`${key}-operator`} className="operator">
                {operator}
              </span>
            ),
            href === null ? (
              <div key={key} className={className}>
                {body}
              </div>
            ) : (
              <Link key={key} className={className} href={href}>
                {body}
              </Link>
            ),
          ];
        },
      )}
    </div>
  );
}

function Concerns({ concerns }: { readonly concerns: readonly Schema<'ConcernView'>[] }): ReactNode {
  if (concerns.length === 0)
    return (
      <p className="panel-body muted" role="status">
        {words.now.nothing}
      </p>
    );
  return (
    <ul className="concerns scroll-list" tabIndex={0} aria-label={words.now.attention}>
      {concerns.map((concern) => {
        const { kind, severity, count, table, reason, path } = concern;
        return (
          <li key={[kind, table, reason, path].join(' ')}>
            <Link href={targetOf(concern)}>
              <span className={`dot ${severity}`} role="img" aria-label={words.now.severities[severity]} />
              <span className="ellipsis">
                {waitsForApproval(concern)
                  ? words.now.awaitingApproval(count)
                  : words.now.concerns[kind](count)}
                {[waitsForApproval(concern) ? null : reason, table, path].map((part, index) =>
                  part === null || part === '' ? null : (
                    <span key={index} className="muted">
                      {' · '}
                      <Foreign text={part} />
                    </span>
                  ),
                )}
              </span>
              <span aria-hidden="true" className="muted">
                ›
              </span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

function waitsForApproval({ kind, reason }: Schema<'ConcernView'>): boolean {
  return kind === 'overflow' && reason === 'AWAITING_APPROVAL';
}

function targetOf(concern: Schema<'ConcernView'>): string {
  const { kind, table, reason, path, sampleMessageId } = concern;
  if (waitsForApproval(concern))
    return `/approvals?${new URLSearchParams({ table: table ?? '', path: path ?? '' }).toString()}`;
  switch (kind) {
    case 'unaccounted':
      return '/books';
    case 'mistimed':
      return sampleMessageId === null ? '/books' : `/event/${encodeURIComponent(sampleMessageId)}`;
    case 'dead-letters': {
      const parameters = new URLSearchParams({ since: '24h' });
      if (reason !== null) parameters.set('reason', reason);
      if (table !== null) parameters.set('table', table);
      return `/dead-letters?${parameters.toString()}`;
    }
    case 'quarantined':
      return '/approvals';
    case 'overflow':
      return `/tables/${encodeURIComponent(table ?? '')}`;
  }
}

function LongestLag({ minutes }: { readonly minutes: readonly Schema<'MinuteView'>[] }): ReactNode {
  if (minutes.length === 0) return null;
  const longest = Math.max(...minutes.map(({ longestLagMs }) => longestLagMs));
  return (
    <span className="muted">
      {words.now.lastHour} · {words.now.longestLag} {formatDuration(longest)}
    </span>
  );
}

type TableNow = Schema<'TableNowView'>;

const count = (
  key: 'received' | 'rows' | 'deadLetters' | 'inProgress' | 'unaccounted',
  tone = '',
): TableColumn<TableNow> => ({
  key,
  head: words.counts[key],
  isNumber: true,
  width: '114px',
  cell: (row) => <span className={row[key] === 0 ? 'zero-text' : tone}>{formatCount(row[key])}</span>,
  sortBy: (row) => row[key],
});

const COLUMNS: readonly TableColumn<TableNow>[] = [
  {
    key: 'table',
    head: words.now.columns.table,
    cell: ({ table }) =>
      table === null ? (
        <span className="muted">{words.now.noTable}</span>
      ) : (
        <Link href={`/tables/${encodeURIComponent(table)}`}>
          <Foreign text={table} />
        </Link>
      ),
    sortBy: ({ table }) => table ?? '',
  },
  count('received'),
  count('rows'),
  count('deadLetters', 'warn-text'),
  count('inProgress'),
  count('unaccounted', 'bad-text'),
  {
    key: 'perMinute',
    head: words.now.columns.perMinute,
    isNumber: true,
    width: '100px',
    cell: ({ rowsLastMinute }) => formatCount(rowsLastMinute),
    sortBy: ({ rowsLastMinute }) => rowsLastMinute,
  },
  {
    key: 'lag',
    head: words.now.columns.lag,
    isNumber: true,
    width: '120px',
    cell: ({ longestLagMs }) => (longestLagMs === null ? words.none : formatDuration(longestLagMs)),
    sortBy: ({ longestLagMs }) => longestLagMs ?? -1,
  },
  {
    key: 'last',
    head: words.now.columns.last,
    width: '116px',
    cell: ({ lastPublishedAt }) => <Ago at={lastPublishedAt} />,
    sortBy: ({ lastPublishedAt }) => lastPublishedAt ?? '',
  },
];
