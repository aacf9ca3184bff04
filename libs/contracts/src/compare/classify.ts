import type { ChangeVerb } from '@pipeline/schema-inference';
import type { Difference } from './diff.js';

/**
 * The class of a change that brings a table to its contract.
 *
 * `compatible`: events make it by themselves; `needs-approval`: a person makes it with `pipeline approve`; `forbidden`: no
 * event and no approval makes it.
 */
export type ChangeClass = 'compatible' | 'needs-approval' | 'forbidden';

/** The verbs that hold at the change's place. */
export interface Verbs {
  readonly newColumns: ChangeVerb;
  readonly typeChanges: ChangeVerb;
}

/** Classifies one difference. Pure. A column that only the table has needs no change of the table: it is compatible. */
export function classify(difference: Difference, { newColumns, typeChanges }: Verbs): ChangeClass {
  switch (difference.kind) {
    case 'undeclared':
      return 'compatible';
    case 'missing':
      return CLASSES[newColumns];
    case 'type':
      return difference.isWidening ? CLASSES[typeChanges] : 'forbidden';
  }
}

const CLASSES: Readonly<Record<ChangeVerb, ChangeClass>> = {
  evolve: 'compatible',
  approve: 'needs-approval',
  overflow: 'forbidden',
};
