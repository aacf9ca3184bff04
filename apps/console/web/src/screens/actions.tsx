import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { resultEffects } from '../actions/figures';
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

/** The choices of an action, one a line. */
function Choices({ input }: { readonly input: string }): ReactNode {
  const choices = Object.entries(JSON.parse(input) as Readonly<Record<string, unknown>>);
  return (
    <ul className="plain-list">
      {choices
        .filter(([, choice]) => choice !== false && choice !== '' && choice !== null)
        .map(([name, choice]) => (
          <li key={name}>
            <span className="muted">{name}</span> <Foreign text={shown(name, choice)} mono />
          </li>
        ))}
    </ul>
  );
}

/** Choices that hold values of events, which are hidden until asked for. */
const CONTENTS: readonly string[] = ['event', 'patch'];
const MAX_SHOWN = 120;

function shown(name: string, choice: unknown): string {
  const json = typeof choice === 'string' ? choice : JSON.stringify(choice);
  return CONTENTS.includes(name) || json.length > MAX_SHOWN ? text.hidden(json.length) : json;
}

/** The words of a result; none for one that another version of the console wrote in another shape. */
function wordsOf(kind: string, result: string): readonly string[] {
  try {
    return resultEffects(kind, JSON.parse(result)).lines;
  } catch {
    return [];
  }
}

/** The outcome in words; the figures of preview and result on demand. */
function Result({
  action: { kind, detail, input, preview, result },
}: {
  readonly action: Schema<'ActionView'>;
}): ReactNode {
  const lines = result === null ? [] : wordsOf(kind, result);
  return (
    <>
      {detail === null ? null : <p className="bad-text">{visibleText(detail)}</p>}
      {lines.map((line) => (
        <p key={line}>{visibleText(line)}</p>
      ))}
      <details>
        <summary className="muted small">{text.all}</summary>
        {[
          [text.chosen, input],
          [text.previewed, preview],
          [text.resulted, result ?? words.none],
        ].map(([name = '', json = '']) => (
          <p key={name} className="small">
            <span className="muted">{name}</span> <Foreign text={json} mono />
          </p>
        ))}
      </details>
    </>
  );
}

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
    width: '120px',
    cell: ({ kind }) => NAMES[kind] ?? kind,
    sortBy: ({ kind }) => kind,
  },
  {
    key: 'by',
    head: text.head.by,
    width: '180px',
    cell: ({ actor }) => <Foreign text={actor} />,
    sortBy: ({ actor }) => actor,
  },
  {
    key: 'input',
    head: text.head.input,
    cell: ({ input }) => <Choices input={input} />,
  },
  {
    key: 'outcome',
    head: text.head.outcome,
    width: '110px',
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
    width: '32%',
    cell: (action) => <Result action={action} />,
  },
];
