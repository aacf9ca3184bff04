import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { EditButton } from '../actions/letter-actions';
import { read } from '../api/client';
import { formatCount, visibleText } from '../format';
import { screenWords } from '../messages/screens';
import { placeOf } from '../place';
import { Panel } from '../ui/panel';
import { Answered } from '../ui/states';
import { Foreign } from '../ui/text';

const text = screenWords.deadLetters;
/** Characters before and after the place. */
const AROUND = 400;

interface LetterProps {
  readonly messageId: string;
  readonly path: string | null;
  readonly detail: string | null;
}

/** One message of a group as it was published, with the place marked that its dead letter names. Hidden until asked for. */
export function DeadLetterSample({ messageId, path, detail }: LetterProps): ReactNode {
  const [isShown, setShown] = useState(false);
  return (
    <Panel
      title={text.sample}
      end={
        <>
          <Link href={`/event/${encodeURIComponent(messageId)}`}>
            <Foreign text={messageId} mono />
          </Link>
          <button
            type="button"
            className="button"
            aria-expanded={isShown}
            onClick={() => {
              setShown(!isShown);
            }}
          >
            {isShown ? text.hideSample : text.showSample}
          </button>
          <EditButton key={messageId} messageId={messageId} />
        </>
      }
    >
      <p className="panel-body">{visibleText(detail ?? text.noDetail)}</p>
      {isShown ? <Published messageId={messageId} path={path} detail={detail} /> : null}
    </Panel>
  );
}

function Published({ messageId, path, detail }: LetterProps): ReactNode {
  const query = useQuery({
    queryKey: ['event', messageId, true],
    queryFn: ({ signal }) =>
      read('/api/events/{messageId}', { path: { messageId }, query: { values: true } }, signal),
  });
  return (
    <Answered query={query}>
      {({ raw }) =>
        raw === null ? (
          <p className="panel-body muted">{text.notArchived}</p>
        ) : (
          <Marked published={raw.text ?? ''} total={raw.textLength} path={path} detail={detail} />
        )
      }
    </Answered>
  );
}

function Marked({
  published,
  total,
  path,
  detail,
}: {
  readonly published: string;
  readonly total: number;
  readonly path: string | null;
  readonly detail: string | null;
}): ReactNode {
  const place = placeOf(published, path, detail);
  const from = Math.max(0, (place?.start ?? 0) - AROUND);
  const to = Math.min(published.length, (place?.end ?? 0) + AROUND);
  // A long value is marked as far as it is shown.
  const end = place === null ? 0 : Math.min(place.end, place.start + AROUND);
  return (
    <div className="panel-body">
      {place === null ? <p className="muted small">{text.noPlace}</p> : null}
      <pre className="code" tabIndex={0} role="group" aria-label={text.sample} dir="ltr">
        {from > 0 ? '…' : ''}
        {place === null ? (
          visibleText(published.slice(0, 2 * AROUND))
        ) : (
          <>
            {visibleText(published.slice(from, place.start))}
            <mark>{visibleText(published.slice(place.start, end))}</mark>
            {visibleText(published.slice(end, to))}
          </>
        )}
        {Math.max(to, place === null ? 2 * AROUND : 0) < total ? '…' : ''}
      </pre>
      <p className="muted small">{text.characters(formatCount(total))}</p>
    </div>
  );
}
