/**
 * Why BigQuery did not store one row of a request.
 *
 * `unknown-field`: the writer has not learnt a column yet, normal for minutes after a change. `stopped`: nothing is
 * wrong with this row, another one of the request was refused. `transient`: try again. `invalid`: this row will never
 * be taken.
 */
export type RowErrorKind = 'unknown-field' | 'stopped' | 'transient' | 'invalid';

export interface RowError {
  /** Position in the rows of the request. */
  readonly index: number;
  readonly kind: RowErrorKind;
  /** BigQuery's own words. */
  readonly message: string;
}

const TRANSIENT = new Set([
  'backendError',
  'internalError',
  'quotaExceeded',
  'rateLimitExceeded',
  'tableUnavailable',
  'timeout',
]);

/**
 * Read `insertErrors` of a `tabledata.insertAll` answer.
 *
 * Shape: `[{index: 0, errors: [{reason: 'invalid', location: 'a', message: 'no such field: a.'}]}]` →
 * `[{index: 0, kind: 'unknown-field', message: 'a: no such field: a.'}]`.
 * Source: REST reference of tabledata.insertAll, read 2026-11-22.
 */
export function classifyRowErrors(insertErrors: unknown): readonly RowError[] {
  if (!Array.isArray(insertErrors)) {
    return [];
  }
  return (insertErrors as readonly InsertError[]).map(({ index, errors }) => {
    const causes = errors ?? [];
    return {
      index: Number(index ?? 0),
      kind: kindOf(causes),
      message: causes.map(describe).join('; ') || 'BigQuery gave no reason',
    };
  });
}

interface InsertError {
  readonly index?: number | string;
  readonly errors?: readonly Cause[];
}

interface Cause {
  readonly reason?: string;
  readonly location?: string;
  readonly message?: string;
}

/** The worst cause decides: a row with an unknown field and a bad value stays bad when the field is known. */
function kindOf(causes: readonly Cause[]): RowErrorKind {
  const kinds = causes.map(kindOfCause);
  return (
    (['invalid', 'unknown-field', 'transient'] as const).find((kind) => kinds.includes(kind)) ?? 'stopped'
  );
}

function kindOfCause({ reason = '', message = '' }: Cause): RowErrorKind {
  if (reason === 'stopped') {
    return 'stopped';
  }
  if (TRANSIENT.has(reason)) {
    return 'transient';
  }
  return /no such field/i.test(message) ? 'unknown-field' : 'invalid';
}

function describe({ reason = '', location = '', message = '' }: Cause): string {
  const text = message === '' ? reason : message;
  return location === '' ? text : `${location}: ${text}`;
}
