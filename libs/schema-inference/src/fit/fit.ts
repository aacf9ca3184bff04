import type { CompiledSchema } from '../schema/compile-schema.js';
import type { DecodedEvent } from '../decode/decoded-event.js';
import { fitTree, type OnOverflow } from './fit-tree.js';
import type { Overflow } from './overflow.js';
import type { Row } from '../values/row.js';
import type { SchemaChange } from '../schema/schema-change.js';

/** The place of every leaf of one event, fitted against one version of a table. */
export interface Fitted {
  /** Values that fit the columns as they are; empty if only the verdict was requested. */
  readonly row: Row;
  /**
   * Values that no change would bring into a column, and with `pending: 'overflow'` the pending ones. Null if there are
   * none, or if only the verdict was requested.
   */
  readonly overflow: Overflow | null;
  /** The changes the remaining leaves wait for; empty when the row is whole. */
  readonly pending: readonly SchemaChange[];
  /** True when the overflow alone is larger than a row may be; `buildRow` rejects such an event as TOO_LARGE. */
  readonly isTruncated: boolean;
  /** True if a value needs a change that a contract wants a person to approve; it is in the overflow, nothing waits. */
  readonly awaitsApproval: boolean;
  /** The schema it was fitted against. */
  readonly compiled: CompiledSchema;
}

export interface FitOptions {
  /** `list` (default): pending leaves are left out. `overflow`: they go to the overflow as AWAITING_COLUMN. */
  readonly pending?: 'list' | 'overflow';
  /** Builds neither row nor overflow entries: the caller needs only `pending`. */
  readonly verdictOnly?: boolean;
  /** With `verdictOnly`, called once for each value that goes to the overflow. */
  readonly onOverflow?: OnOverflow;
}

/**
 * Decides for every leaf of an event: into its column, pending a change, or into the overflow.
 *
 * Pure and total: it throws for no decoded event and no schema. No overflow and nothing pending means that the table
 * holds the whole event. Linear in the size of the event.
 */
export function fit(event: DecodedEvent, compiled: CompiledSchema, options: FitOptions = {}): Fitted {
  if (options.verdictOnly !== true && event.matches(compiled)) return new FittedBytes(event, compiled);
  if (event.fitsAsParsed(compiled)) {
    const row = options.verdictOnly === true ? NO_ROW : event.parsedRow(compiled);
    return {
      row,
      overflow: null,
      pending: NOTHING_PENDING,
      isTruncated: false,
      awaitsApproval: false,
      compiled,
    };
  }
  const { root, text } = event.exact();
  const { row, entries, pending, isTruncated, awaitsApproval } = fitTree(root, text, compiled, {
    ...options,
    isWaitOver: options.pending === 'overflow',
  });
  const overflow = entries.length === 0 ? null : { entries };
  return {
    row: options.verdictOnly === true ? NO_ROW : row,
    overflow,
    pending: pending.list(),
    isTruncated,
    awaitsApproval,
    compiled,
  };
}

/** An event whose bytes matched: its row is made from the parsed event, and only if a caller asks for it. */
class FittedBytes implements Fitted {
  readonly overflow = null;
  readonly pending = NOTHING_PENDING;
  readonly isTruncated = false;
  readonly awaitsApproval = false;

  constructor(
    private readonly event: DecodedEvent,
    readonly compiled: CompiledSchema,
  ) {}

  get row(): Row {
    return this.event.parsedRow(this.compiled);
  }
}

const NO_ROW: Row = Object.freeze({});
const NOTHING_PENDING: readonly SchemaChange[] = Object.freeze([]);
