import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { read, type Schema } from '../api/client';
import { visibleText } from '../format';
import { words } from '../messages';
import { actionWords } from '../messages/actions';
import { SpanPicker, useSince } from '../ui/controls';
import { DataTable, type TableColumn } from '../ui/data-table';
import { Panel } from '../ui/panel';
import { Answered, Empty } from '../ui/states';
import { Foreign, Instant } from '../ui/text';

const text = actionWords.log;
const LIMIT = 500;

/** Every action of the console: who, what, preview and outcome. */
export function ActionsScreen(): ReactNode {
  const [since, setSince] = useSince('7d');
  const query = useQuery({
    queryKey: ['actions', since],
    queryFn: ({ signal }) => read('/api/actions', { query: { since, limit: LIMIT } }, signal),
  });
  return (
    <>
      <div className="title">
        <h1>{text.title}</h1>
        <div className="title-end">
          <SpanPicker since={since} onChange={setSince} />
        </div>
      </div>
      <Answered query={query}>
        {(actions) =>
          actions.length === 0 ? (
            <div className="panel">
              <Empty title={text.empty} hint={text.emptyHint} />
            </div>
          ) : (
            <Panel title={text.summary(actions.length)}>
              <DataTable
                label={text.title}
                columns={COLUMNS}
                rows={actions}
                rowKey={({ actionId }) => actionId}
                wraps
              />
            </Panel>
          )
        }
      </Answered>
    </>
  );
}

const NAMES: Readonly<Record<string, string>> = actionWords.names;
const TONES: Readonly<Record<string, string>> = { completed: 'good', failed: 'bad', interrupted: 'warn' };
const OUTCOMES: Readonly<Record<string, string>> = actionWords.outcomes;

const COLUMNS: readonly TableColumn<Schema<'ActionView'>>[] = [
  {
    key: 'at',
    head: `${text.head.at}, ${words.utc}`,
    width: '180px',
    cell: ({ startedAt }) => <Instant at={startedAt} />,
    sortBy: ({ startedAt }) => startedAt,
  },
  {
    key: 'action',
    head: text.head.action,
    width: '130px',
    cell: ({ kind }) => NAMES[kind] ?? kind,
    sortBy: ({ kind }) => kind,
  },
  {
    key: 'by',
    head: text.head.by,
    width: '190px',
    cell: ({ actor }) => <Foreign text={actor} />,
    sortBy: ({ actor }) => actor,
  },
  {
    key: 'input',
    head: text.head.input,
    cell: ({ input, preview }) => (
      <span title={visibleText(preview)}>
        <Foreign text={input} mono />
      </span>
    ),
  },
  {
    key: 'outcome',
    head: text.head.outcome,
    width: '130px',
    cell: ({ outcome }) =>
      outcome === null ? (
        <span className="badge warn" title={text.openHint}>
          {text.open}
        </span>
      ) : (
        <span className={`badge ${TONES[outcome] ?? ''}`}>{OUTCOMES[outcome] ?? outcome}</span>
      ),
    sortBy: ({ outcome }) => outcome ?? '',
  },
  {
    key: 'detail',
    head: text.head.detail,
    width: '26%',
    cell: ({ detail, result }) => <Foreign text={detail ?? result ?? words.none} mono />,
  },
];
