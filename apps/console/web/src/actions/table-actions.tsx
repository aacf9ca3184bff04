import type { ReactNode } from 'react';
import { actionWords as words } from '../messages/actions';
import { ActionButton } from './action-button';

/** Another type for a column, which the address may name. */
export function RetypeButton({
  table,
  column = '',
}: {
  readonly table: string;
  readonly column?: string;
}): ReactNode {
  return (
    <ActionButton
      kind="retype"
      input={{ table }}
      fields={[
        { name: 'column', label: words.fields.column, as: 'text', initial: column, isRequired: true },
        { name: 'type', label: words.fields.type, hint: words.fields.typeHint, as: 'text', isRequired: true },
        { name: 'numbersAsText', label: words.fields.numbersAsText, as: 'check' },
      ]}
    />
  );
}

/** Actions on one table. */
export function TableActions({ table }: { readonly table: string }): ReactNode {
  return (
    <>
      <ActionButton kind="promote" input={{ table, since: '30d' }} />
      <RetypeButton table={table} />
    </>
  );
}

/** The deep audit of an hour of a table. */
export function HourActions({ table, hour }: { readonly table: string; readonly hour: string }): ReactNode {
  const since = new Date(hour);
  const until = new Date(since.getTime() + 3_600_000);
  const seconds = (time: Date): string => `${time.toISOString().slice(0, 19)}Z`;
  return <ActionButton kind="deep-audit" input={{ table, since: seconds(since), until: seconds(until) }} />;
}
