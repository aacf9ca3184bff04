import { useMutation } from '@tanstack/react-query';
import { useId, useState, type ReactNode } from 'react';
import { ActionButton } from '../actions/action-button';
import '../actions/actions.css';
import { useSession } from '../actions/session';
import { send, type Schema } from '../api/client';
import { formatCount, visibleText } from '../format';
import { screenWords } from '../messages/screens';
import { actionWords } from '../messages/actions';
import { CopyButton } from '../ui/controls';
import { Panel } from '../ui/panel';
import { Failure, Loading } from '../ui/states';
import { Foreign, ForeignOrNone } from '../ui/text';

const text = actionWords.plan;
const MAX_CHARACTERS = 4_000_000;

/** Shows what a batch of events would do to the tables. */
export function PlanScreen(): ReactNode {
  const [events, setEvents] = useState('');
  const [eventType, setEventType] = useState('');
  const session = useSession();
  const id = useId();
  const input = { text: events, ...(eventType.trim() === '' ? {} : { eventType: eventType.trim() }) };
  const plan = useMutation({ mutationFn: () => send('/api/plan', input) });
  const isTooLong = events.length > MAX_CHARACTERS;
  const change = (value: string): void => {
    setEvents(value);
    plan.reset();
  };
  return (
    <>
      <div className="title">
        <h1>{text.title}</h1>
      </div>
      <form
        className="panel"
        onSubmit={(event) => {
          event.preventDefault();
          plan.mutate();
        }}
      >
        <div className="panel-body">
          <div className="choice">
            <label htmlFor={`${id}text`}>{text.label}</label>
            <textarea
              id={`${id}text`}
              className="mono plan-text"
              rows={10}
              spellCheck={false}
              value={events}
              aria-describedby={`${id}hint`}
              onChange={({ target }) => {
                change(target.value);
              }}
              onDragOver={(event) => {
                event.preventDefault();
              }}
              onDrop={(event) => {
                const [file] = event.dataTransfer.files;
                if (file === undefined) return;
                event.preventDefault();
                void file.text().then(change);
              }}
            />
            <p id={`${id}hint`} className={isTooLong ? 'bad-text small' : 'muted small'}>
              {isTooLong ? text.tooLong : text.drop}
            </p>
          </div>
          <div className="choice">
            <label htmlFor={`${id}type`}>{text.eventType}</label>
            <input
              id={`${id}type`}
              type="text"
              autoComplete="off"
              spellCheck={false}
              value={eventType}
              onChange={({ target }) => {
                setEventType(target.value);
                plan.reset();
              }}
            />
          </div>
          <div className="action-end">
            {session?.isLocal === true && plan.data !== undefined ? (
              <ActionButton kind="publish" input={input} />
            ) : null}
            <button
              type="submit"
              className="button button-main"
              disabled={events.trim() === '' || isTooLong || plan.isPending}
            >
              {text.run}
            </button>
          </div>
        </div>
      </form>
      <div className="stack" aria-live="polite">
        {plan.isPending ? <Loading /> : null}
        {plan.error === null ? null : <Failure error={plan.error} />}
        {plan.data === undefined ? null : <Report plan={plan.data} />}
      </div>
    </>
  );
}

function Report({
  plan: { events, rejected, tables, unplanned },
}: {
  readonly plan: Schema<'PlanView'>;
}): ReactNode {
  return (
    <>
      <Panel title={text.summary(events, rejected.count, tables.length)}>
        <p className="panel-body muted">
          {text.cost} {unplanned > 0 ? text.unplanned(unplanned) : ''}
        </p>
      </Panel>
      {tables.map((table) => (
        <PlannedTable key={table.table} table={table} />
      ))}
      {rejected.count === 0 ? null : (
        <Panel title={text.rejected}>
          <Figures
            label={text.rejected}
            head={Object.values(text.rejectedHead)}
            rows={rejected.samples.map(({ line, code, detail }) => [formatCount(line), code, detail])}
          />
        </Panel>
      )}
    </>
  );
}

const TONES = { create: 'good', change: 'accent', unchanged: '', unusable: 'bad' } as const;

function PlannedTable({
  table: { table, action, held, problem, events, changes, conflicts, ddl, columns, warnings },
}: {
  readonly table: Schema<'PlannedTableView'>;
}): ReactNode {
  const statements = ddl.join('\n\n');
  return (
    <Panel
      title={
        <>
          <Foreign text={table} />{' '}
          {held === undefined ? (
            <span className={`badge ${TONES[action]}`}>{text.actions[action]}</span>
          ) : (
            <span className="badge warn">{text.isHeld}</span>
          )}
        </>
      }
      end={
        <span className="muted">
          {text.eventsOf(events)} · {text.columns(columns.used, columns.budget)}
        </span>
      }
    >
      {held === undefined ? null : <div className="notice bad">{text.held[held]}</div>}
      {problem === null ? null : <div className="notice bad">{visibleText(problem)}</div>}
      {warnings.map(({ path, used, limit, percent }) => (
        <div key={path.join('.')} className="notice">
          {text.full(visibleText(path.join('.')), percent, { used, limit })}
        </div>
      ))}
      {changes.length === 0 ? null : (
        <Figures
          label={text.changes}
          head={Object.values(text.changeHead)}
          rows={changes.map(({ kind, path, from, to }) => [
            screenWords.timeline.kinds[kind] ?? kind,
            path,
            from === null ? to : `${from} → ${to ?? ''}`,
          ])}
        />
      )}
      {conflicts.length === 0 ? null : (
        <>
          <h3 className="panel-body">{text.conflicts}</h3>
          <Figures
            label={text.conflicts}
            head={Object.values(text.conflictHead)}
            rows={conflicts.map(({ at, reason, count, sample }) => [
              at,
              reason,
              formatCount(count),
              formatCount(sample.line),
            ])}
          />
        </>
      )}
      {ddl.length === 0 ? null : (
        <div className="panel-body">
          <div className="action-end">
            <CopyButton text={statements} />
          </div>
          <pre className="code" tabIndex={0} role="group" aria-label={text.ddl}>
            {visibleText(statements)}
          </pre>
        </div>
      )}
    </Panel>
  );
}

/** Rows that a plan may have a hundred of. */
function Figures({
  label,
  head,
  rows,
}: {
  readonly label: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}): ReactNode {
  return (
    <table className="figures" aria-label={label}>
      <thead>
        <tr>
          {head.map((title) => (
            <th key={title} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.slice(0, MAX_ROWS).map((cells, row) => (
          <tr key={`${row} ${cells[0] ?? ''}`}>
            {cells.map((cell, index) => (
              <td key={head[index]}>
                <ForeignOrNone text={cell} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A page that draws more is slow; the statements have all changes. */
const MAX_ROWS = 500;
