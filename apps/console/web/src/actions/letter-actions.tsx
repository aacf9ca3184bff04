import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { read, type Schema } from '../api/client';
import { actionWords as words } from '../messages/actions';
import { ActionButton } from './action-button';
import { useOpenAction } from './action-host';
import { isAtLeast, useSession } from './session';
import { Foreign } from '../ui/text';

/** The dead letters that actions are about: conditions, or one message. */
export interface Selection {
  readonly since: string;
  readonly reason?: string;
  readonly table?: string;
  readonly eventType?: string;
  readonly messageIds?: readonly string[];
}

const BECAUSE = { name: 'because', label: words.fields.because, as: 'text', isRequired: true } as const;
/** Reasons of messages that hold several events. */
const SPLITTABLE: readonly string[] = ['NOT_AN_OBJECT', 'NOT_JSON'];

/** Actions on the dead letters of a selection. */
export function LetterActions({ selection }: { readonly selection: Selection }): ReactNode {
  return (
    <>
      <ActionButton kind="replay" input={selection} isMain />
      {SPLITTABLE.includes(selection.reason ?? '') ? (
        <ActionButton kind="replay" label={words.split} input={{ ...selection, split: true }} />
      ) : null}
      <ActionButton kind="export" input={selection} />
      <ActionButton kind="dismiss" input={selection} fields={[BECAUSE]} />
    </>
  );
}

const FORCE = { name: 'force', label: words.fields.force, as: 'check' } as const;

function selectionOf(messageId: string): Selection {
  return { since: '30d', messageIds: [messageId] };
}

/** The text of the bytes if it is all of them and nothing else; null otherwise. */
function contentOf(raw: Schema<'EventView'>['raw']): string | null {
  if (raw === null || raw.text === null || raw.text.length < raw.textLength) return null;
  return new TextEncoder().encode(raw.text).length === raw.bytes ? raw.text : null;
}

/**
 * Opens one message in an editor, which reveals its bytes, and replays what was made of it. The read ends with the button, so that
 * the editor never opens over another screen; give it the message as its key.
 */
export function EditButton({ messageId }: { readonly messageId: string }): ReactNode {
  const open = useOpenAction();
  const client = useQueryClient();
  const session = useSession();
  const [state, setState] = useState<'closed' | 'reading' | 'unreadable'>('closed');
  const isAllowed = session !== null && isAtLeast(session.role, 'operator');
  const reading = useRef<AbortController | null>(null);
  // Of its own: to cancel it takes nothing from other readers of the event.
  const queryKey = ['edited event', messageId];
  useEffect(
    () => () => {
      if (reading.current === null) return;
      reading.current.abort();
      void client.cancelQueries({ queryKey });
    },
    [],
  );
  const edit = async (): Promise<void> => {
    const { signal: left } = (reading.current = new AbortController());
    setState('reading');
    try {
      const { raw } = await client.query({
        queryKey,
        queryFn: ({ signal }) =>
          read('/api/events/{messageId}', { path: { messageId }, query: { values: true } }, signal),
      });
      if (left.aborted) return;
      const content = contentOf(raw);
      setState(content === null ? 'unreadable' : 'closed');
      if (content === null) return;
      const { event: label, eventHint: hint } = words.fields;
      open({
        kind: 'replay',
        title: (
          <>
            {words.edit} <Foreign text={messageId} mono />
          </>
        ),
        input: selectionOf(messageId),
        fields: [{ name: 'event', label, hint, as: 'area', initial: content, isRequired: true }, FORCE],
      });
    } catch {
      setState('unreadable');
    }
  };
  return (
    <>
      {state === 'unreadable' ? (
        <span className="muted small" role="alert">
          {words.notEditable}
        </span>
      ) : null}
      <button
        type="button"
        className="button"
        disabled={!isAllowed}
        aria-busy={state === 'reading'}
        title={session === null || isAllowed ? undefined : words.needsRole('operator', session.role)}
        onClick={() => {
          if (state !== 'reading') void edit();
        }}
      >
        {words.edit}
      </button>
    </>
  );
}

/** Actions on the dead letter of one message. */
export function MessageActions({ messageId }: { readonly messageId: string }): ReactNode {
  const selection = selectionOf(messageId);
  return (
    <>
      <ActionButton kind="replay" input={selection} fields={[FORCE]} />
      <EditButton key={messageId} messageId={messageId} />
      <ActionButton kind="dismiss" input={selection} fields={[BECAUSE]} />
      <ActionButton kind="dismiss" label={words.undo} input={{ ...selection, undo: true }} />
    </>
  );
}
