import { useSyncExternalStore, type ReactNode } from 'react';
import { formatDuration, formatInstant, visibleText } from '../format';
import { words } from '../messages';

/** Text that came with an event: isolated from the text around it, and with nothing invisible in it. */
export function Foreign({
  text,
  mono = false,
}: {
  readonly text: string;
  readonly mono?: boolean;
}): ReactNode {
  const visible = visibleText(text);
  return <bdi className={mono ? 'mono' : undefined}>{visible}</bdi>;
}

/** Text of an event, or a dash. */
export function ForeignOrNone({
  text,
  mono = false,
}: {
  readonly text: string | null;
  readonly mono?: boolean;
}): ReactNode {
  return text === null ? (
    <span className="zero-text">{words.none}</span>
  ) : (
    <Foreign text={text} mono={mono} />
  );
}

const SECOND_MS = 1_000;

let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** The time, read once a second for all of the page. */
function useNow(): number {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      timer ??= setInterval(() => {
        now = Date.now();
        for (const each of listeners) each();
      }, SECOND_MS);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
    () => now,
  );
}

/** An instant in UTC. */
export function Instant({ at }: { readonly at: string | number | null }): ReactNode {
  if (at === null || at === '') return <span className="zero-text">{words.none}</span>;
  const text = formatInstant(at);
  return <time dateTime={text.replace(' ', 'T') + 'Z'}>{text}</time>;
}

/** An instant as how long ago it was. */
export function Ago({ at }: { readonly at: string | number | null }): ReactNode {
  const current = useNow();
  if (at === null) return <span className="zero-text">{words.none}</span>;
  const text = formatInstant(at);
  const ageMs = current - new Date(at).getTime();
  return (
    <time dateTime={text.replace(' ', 'T') + 'Z'} title={`${text} ${words.utc}`}>
      {ageMs < SECOND_MS ? words.justNow : words.ago(formatDuration(ageMs))}
    </time>
  );
}
