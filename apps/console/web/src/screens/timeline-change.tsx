import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { RetypeButton } from '../actions/table-actions';
import type { Schema } from '../api/client';
import { visibleText } from '../format';
import { words } from '../messages';
import { screenWords } from '../messages/screens';
import { Panel } from '../ui/panel';
import { Foreign, Instant } from '../ui/text';

const text = screenWords.timeline;
/** Changes after which the column is there. */
const RETYPABLE: readonly string[] = ['ADD_COLUMN', 'WIDEN_COLUMN', 'CHANGE_COLUMN'];

/** One schema change: the column before and after, its cause, and the shape of the value that caused it. */
export function TimelineChange({
  change,
  onClose,
}: {
  readonly change: Schema<'ChangeView'>;
  readonly onClose: () => void;
}): ReactNode {
  const { tableId, kind, path, fromType, toType, messageId, sample, changedAtMs, actor } = change;
  const isByHand = actor === text.unknownActor;
  return (
    <Panel
      title={
        <>
          {text.kinds[kind] ?? kind}: <Foreign text={path === null ? tableId : `${tableId}.${path}`} mono />
        </>
      }
      end={
        <>
          {path !== null && RETYPABLE.includes(kind) ? <RetypeButton table={tableId} column={path} /> : null}
          <Link className="button" href={`/tables/${encodeURIComponent(tableId)}`}>
            {text.openTable}
          </Link>
          <button type="button" className="button" onClick={onClose}>
            {screenWords.books.close}
          </button>
        </>
      }
    >
      <div className="change">
        <dl className="stats">
          <div>
            <dt>{text.before}</dt>
            <dd className="mono">{fromType ?? text.absent}</dd>
          </div>
          <div>
            <dt>{text.after}</dt>
            <dd className="mono">{toType ?? (path === null ? text.present : text.absent)}</dd>
          </div>
          <div>
            <dt>
              {text.head.when}, {words.utc}
            </dt>
            <dd>
              <Instant at={changedAtMs} />
            </dd>
          </div>
          <div>
            <dt>{text.head.by}</dt>
            <dd>{isByHand ? <span className="badge warn">{text.byHand}</span> : <Foreign text={actor} />}</dd>
          </div>
          <div>
            <dt>{text.cause}</dt>
            <dd>
              {messageId === null ? (
                text.noMessage
              ) : (
                <Link href={`/event/${encodeURIComponent(messageId)}`}>
                  <Foreign text={messageId} mono />
                </Link>
              )}
            </dd>
          </div>
        </dl>
        {sample === null ? null : (
          <div className="panel-body">
            <h3 className="small muted">{text.sampleHint}</h3>
            <pre className="code" tabIndex={0} role="group" aria-label={text.sample} dir="ltr">
              {visibleText(JSON.stringify(sample, null, 2))}
            </pre>
          </div>
        )}
      </div>
    </Panel>
  );
}
