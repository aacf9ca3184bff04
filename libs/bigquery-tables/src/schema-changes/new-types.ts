import { CloudError, type CloudErrorCode } from '@pipeline/google-clients';
import { toNewTypeVerb, type NewTypeVerb } from '@pipeline/schema-inference';
import { QUARANTINE_TABLE } from '../rows/quarantine-row.js';
import type { TableStore } from './table-store.port.js';

/** The label of `_quarantine` that keeps new tables from being created. An operator removes it. */
export const GUARD_LABEL = 'pipeline_table_guard';

/** The label of `_quarantine` with a contract's verb for new event types; `pipeline contracts apply` sets it. */
export const NEW_TYPES_LABEL = 'pipeline_new_types';

/**
 * The reason for which a table may not be created. `TABLE_GUARD` and `AWAITING_APPROVAL`: the message goes whole to `_quarantine`;
 * `TYPE_NOT_ALLOWED`: it is a dead letter.
 */
export type NewTableRefusal = 'TABLE_GUARD' | 'AWAITING_APPROVAL' | 'TYPE_NOT_ALLOWED';

type Labels = Readonly<Record<string, string>>;

/** The verb for new event types by the labels of `_quarantine`; `evolve` without a table, a label or a known verb. */
export function newTypeVerbOf(labels: Labels | undefined): NewTypeVerb {
  return toNewTypeVerb(labels?.[NEW_TYPES_LABEL]);
}

/**
 * The reason for which labels of `_quarantine` forbid a table for a new event type, or null. The verb of a contract counts before
 * the guard, because a person decides about the type. The Dataflow job follows the same rule (test/contracts/tables/quarantine.json).
 */
export function newTableRefusal(labels: Labels | undefined): NewTableRefusal | null {
  const verb = newTypeVerbOf(labels);
  if (verb === 'approve') return 'AWAITING_APPROVAL';
  if (verb === 'reject') return 'TYPE_NOT_ALLOWED';
  return labels?.[GUARD_LABEL] === 'on' ? 'TABLE_GUARD' : null;
}

/** The reason for which no table is created for a new event type now, or null. @throws CloudError */
export async function readNewTableRefusal(store: Pick<TableStore, 'read'>): Promise<NewTableRefusal | null> {
  return newTableRefusal((await store.read(QUARANTINE_TABLE))?.labels);
}

interface RefusalError {
  readonly code: CloudErrorCode;
  readonly message: string;
}

const ERRORS: Readonly<Record<NewTableRefusal, RefusalError>> = {
  TABLE_GUARD: {
    code: 'TABLE_LIMIT_REACHED',
    message: `The limit on new tables is reached; raise it, then remove the label ${GUARD_LABEL} of ${QUARANTINE_TABLE}`,
  },
  AWAITING_APPROVAL: {
    code: 'TYPE_AWAITS_APPROVAL',
    message:
      'The contract of the dataset wants a person to approve new event types; see pipeline contracts pending',
  },
  TYPE_NOT_ALLOWED: {
    code: 'TYPE_NOT_ALLOWED',
    message: 'The contract of the dataset rejects new event types, and the table does not exist.',
  },
};

/** The error of an event whose table may not be created. */
export function newTableRefused(tableId: string, refusal: NewTableRefusal): CloudError {
  return new CloudError({ ...ERRORS[refusal], tableId });
}

/** The refusal that an error reports, or null. */
export function refusalOf({ code }: Pick<CloudError, 'code'>): NewTableRefusal | null {
  const refusals = Object.keys(ERRORS) as NewTableRefusal[];
  return refusals.find((refusal) => ERRORS[refusal].code === code) ?? null;
}
