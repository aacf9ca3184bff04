import type { ReactNode } from 'react';
import { actionWords as words } from '../messages/actions';
import { ActionButton } from './action-button';

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

/** Actions on the dead letter of one message; `content` is null until its values are shown. */
export function MessageActions({
  messageId,
  content,
}: {
  readonly messageId: string;
  readonly content: string | null;
}): ReactNode {
  const selection: Selection = { since: '30d', messageIds: [messageId] };
  const force = { name: 'force', label: words.fields.force, as: 'check' } as const;
  return (
    <>
      <ActionButton kind="replay" input={selection} fields={[force]} />
      {content === null ? null : (
        <ActionButton
          kind="replay"
          label={words.edit}
          input={selection}
          fields={[
            {
              name: 'event',
              label: words.fields.event,
              hint: words.fields.eventHint,
              as: 'area',
              initial: content,
              isRequired: true,
            },
            force,
          ]}
        />
      )}
      <ActionButton kind="dismiss" input={selection} fields={[BECAUSE]} />
      <ActionButton kind="dismiss" label={words.undo} input={{ ...selection, undo: true }} />
    </>
  );
}
