import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useSearchParams } from 'wouter';
import { LetterActions } from '../actions/letter-actions';
import { read, type Schema } from '../api/client';
import { formatCount, visibleText } from '../format';
import { words } from '../messages';
import { screenWords } from '../messages/screens';
import { SpanPicker, useSince } from '../ui/controls';
import { DataTable, type TableColumn } from '../ui/data-table';
import { Panel } from '../ui/panel';
import { Answered, Empty } from '../ui/states';
import { Ago, Foreign, ForeignOrNone, Instant } from '../ui/text';
import { TimeBars } from '../ui/time-bars';
import { DeadLetterSample } from './dead-letter-sample';

const text = screenWords.deadLetters;
const LIMIT = 200;

type Group = Schema<'DeadLetterGroupView'>;

/** The group that the address names; `null` conditions are any. */
interface Chosen {
  readonly reason: string | null;
  readonly table: string | null;
  readonly eventType: string | null;
}

/** Dead letters by cause, and those of one group. */
export function LettersScreen(): ReactNode {
  const [since, setSince] = useSince('7d');
  const [parameters, setParameters] = useSearchParams();
  const chosen: Chosen = {
    reason: parameters.get('reason'),
    table: parameters.get('table'),
    eventType: parameters.get('type'),
  };
  const isChosen = chosen.reason !== null || chosen.table !== null || chosen.eventType !== null;
  const query = useQuery({
    queryKey: ['dead-letter-groups', since],
    queryFn: ({ signal }) => read('/api/dead-letters/groups', { query: { since } }, signal),
  });
  const choose = ({ reason, table, eventType }: Group): void => {
    setParameters((before) => {
      const after = new URLSearchParams(before);
      for (const [name, value] of [
        ['reason', reason],
        ['table', table],
        ['type', eventType],
      ] as const) {
        if (value === null) after.delete(name);
        else after.set(name, value);
      }
      return after;
    });
  };
  return (
    <>
      <div className="title">
        <h1>{words.screens.deadLetters}</h1>
        <div className="title-end">
          <SpanPicker since={since} onChange={setSince} />
        </div>
      </div>
      <Answered query={query}>
        {(groups) =>
          groups.length === 0 ? (
            <div className="panel">
              <Empty title={text.empty} hint={text.emptyHint} />
            </div>
          ) : (
            <>
              <Trend since={since} chosen={chosen} />
              <Panel
                title={text.summary(
                  groups.reduce((sum, { letters }) => sum + letters, 0),
                  groups.length,
                )}
              >
                <DataTable
                  label={words.screens.deadLetters}
                  columns={groupColumns(choose)}
                  rows={groups}
                  rowKey={({ reason, table, eventType, path, stage }, index) =>
                    [index, reason, table, eventType, path, stage].join(' ')
                  }
                  isSelected={(group) => isChosen && isOf(group, chosen)}
                />
              </Panel>
              {isChosen ? <Sample group={groups.find((group) => isOf(group, chosen))} /> : null}
              {isChosen ? <Letters since={since} chosen={chosen} /> : <p className="muted">{text.choose}</p>}
            </>
          )
        }
      </Answered>
    </>
  );
}

function Sample({ group }: { readonly group: Group | undefined }): ReactNode {
  if (group === undefined || group.sampleMessageId === null) return null;
  const { sampleMessageId, path, sampleDetail } = group;
  return (
    <DeadLetterSample key={sampleMessageId} messageId={sampleMessageId} path={path} detail={sampleDetail} />
  );
}

function Trend({ since, chosen }: { readonly since: string; readonly chosen: Chosen }): ReactNode {
  const conditions = conditionsOf(chosen);
  const query = useQuery({
    queryKey: ['dead-letter-trend', since, conditions],
    queryFn: ({ signal }) => read('/api/dead-letters/trend', { query: { since, ...conditions } }, signal),
  });
  return (
    <Panel
      title={text.trend}
      end={<span className="muted">{query.data === undefined ? '' : text.by[query.data.by]}</span>}
    >
      <div className="panel-body">
        <Answered query={query}>
          {({ by, from, to, times }) => (
            <TimeBars
              label={text.trendWords(times.reduce((sum, { letters }) => sum + letters, 0))}
              by={by}
              from={from}
              to={to}
              counts={new Map(times.map(({ start, letters }) => [Date.parse(start), letters]))}
            />
          )}
        </Answered>
      </div>
    </Panel>
  );
}

function conditionsOf({ reason, table, eventType }: Chosen): {
  readonly reason?: string;
  readonly table?: string;
  readonly eventType?: string;
} {
  return {
    ...(reason === null ? {} : { reason }),
    ...(table === null ? {} : { table }),
    ...(eventType === null ? {} : { eventType }),
  };
}

function isOf(group: Group, { reason, table, eventType }: Chosen): boolean {
  return (
    (reason === null || group.reason === reason) &&
    (table === null || group.table === table) &&
    (eventType === null || group.eventType === eventType)
  );
}

function Letters({ since, chosen }: { readonly since: string; readonly chosen: Chosen }): ReactNode {
  const { reason, table, eventType } = chosen;
  const query = useQuery({
    queryKey: ['dead-letters', since, reason, table, eventType],
    queryFn: ({ signal }) =>
      read(
        '/api/dead-letters',
        {
          query: {
            since,
            limit: LIMIT,
            ...conditionsOf(chosen),
          },
        },
        signal,
      ),
  });
  return (
    <Answered query={query}>
      {({ total, deadLetters }) => (
        <Panel
          title={text.letters}
          end={
            <>
              <span className="muted">
                {deadLetters.length < total ? words.shown(deadLetters.length, total) : text.newest}
              </span>
              <LetterActions
                selection={{
                  since,
                  ...(reason === null ? {} : { reason }),
                  ...(table === null ? {} : { table }),
                  ...(eventType === null ? {} : { eventType }),
                }}
              />
            </>
          }
        >
          {deadLetters.length === 0 ? (
            <Empty title={text.empty} />
          ) : (
            <DataTable
              label={text.letters}
              columns={LETTER_COLUMNS}
              rows={deadLetters}
              rowKey={({ messageId, deadLetteredAt }, index) =>
                `${index} ${messageId ?? ''} ${deadLetteredAt}`
              }
              wraps
            />
          )}
        </Panel>
      )}
    </Answered>
  );
}

function groupColumns(choose: (group: Group) => void): readonly TableColumn<Group>[] {
  return [
    {
      key: 'reason',
      head: text.head.reason,
      width: '24%',
      cell: (group) => (
        <button
          type="button"
          className="link-button"
          onClick={() => {
            choose(group);
          }}
        >
          {group.reason === null ? text.noReason : <Foreign text={group.reason} mono />}
        </button>
      ),
      sortBy: ({ reason }) => reason ?? '',
    },
    {
      key: 'table',
      head: text.head.table,
      cell: ({ table, eventType }) => <ForeignOrNone text={eventType ?? table} />,
      sortBy: ({ table, eventType }) => eventType ?? table ?? '',
    },
    {
      key: 'path',
      head: text.head.path,
      width: '16%',
      cell: ({ path }) => <ForeignOrNone text={path} mono />,
      sortBy: ({ path }) => path ?? '',
    },
    {
      key: 'letters',
      head: text.head.letters,
      width: '100px',
      isNumber: true,
      cell: ({ letters }) => formatCount(letters),
      sortBy: ({ letters }) => letters,
    },
    {
      key: 'messages',
      head: text.head.messages,
      width: '110px',
      isNumber: true,
      cell: ({ messages }) => formatCount(messages),
      sortBy: ({ messages }) => messages,
    },
    {
      key: 'first',
      head: text.head.first,
      width: '120px',
      cell: ({ firstSeen }) => <Ago at={firstSeen} />,
      sortBy: ({ firstSeen }) => firstSeen,
    },
    {
      key: 'last',
      head: text.head.last,
      width: '120px',
      cell: ({ lastSeen }) => <Ago at={lastSeen} />,
      sortBy: ({ lastSeen }) => lastSeen,
    },
  ];
}

const LETTER_COLUMNS: readonly TableColumn<Schema<'DeadLetterView'>>[] = [
  {
    key: 'at',
    head: `${text.letterHead.at}, ${words.utc}`,
    width: '190px',
    cell: ({ deadLetteredAt }) => <Instant at={deadLetteredAt} />,
    sortBy: ({ deadLetteredAt }) => deadLetteredAt,
  },
  {
    key: 'message',
    head: text.letterHead.message,
    width: '190px',
    cell: ({ messageId }) =>
      messageId === null ? (
        words.none
      ) : (
        <Link href={`/event/${encodeURIComponent(messageId)}`}>
          <Foreign text={messageId} mono />
        </Link>
      ),
  },
  {
    key: 'detail',
    head: text.letterHead.detail,
    cell: ({ detail }) => (
      <span title={visibleText(detail ?? '')}>
        <ForeignOrNone text={detail} />
      </span>
    ),
  },
  {
    key: 'attempt',
    head: text.letterHead.attempt,
    width: '90px',
    isNumber: true,
    cell: ({ attempt }) => formatCount(attempt),
    sortBy: ({ attempt }) => attempt,
  },
  {
    key: 'service',
    head: text.letterHead.service,
    width: '170px',
    cell: ({ service }) => <ForeignOrNone text={service} />,
  },
];
