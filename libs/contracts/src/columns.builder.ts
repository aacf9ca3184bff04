import type { Column } from '@pipeline/schema-inference';
import fc from 'fast-check';

const TYPES = [
  'BOOL',
  'INT64',
  'NUMERIC',
  'BIGNUMERIC',
  'FLOAT64',
  'STRING',
  'DATE',
  'DATETIME',
  'TIMESTAMP',
  'JSON',
] as const;

const name = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9_]{0,12}$/),
  fc.constantFrom('on', 'no', 'null', 'true', 'y', 'n1e3', 'properties', 'items', 'constructor'),
);

const scalar: fc.Arbitrary<Column> = fc.record({
  name,
  type: fc.constantFrom(...TYPES),
  mode: fc.constantFrom('NULLABLE', 'REPEATED'),
});

const { column } = fc.letrec<{ column: Column }>((tie) => ({
  column: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.record({
      name,
      type: fc.constant('RECORD' as const),
      mode: fc.constantFrom('NULLABLE', 'REPEATED'),
      columns: fc.uniqueArray(tie('column'), { minLength: 1, maxLength: 4, selector: nameOf }),
    }),
  ),
}));

/** Columns of any table of events. */
export const columns: fc.Arbitrary<readonly Column[]> = fc.uniqueArray(column, {
  maxLength: 8,
  selector: nameOf,
});

function nameOf({ name: text }: Column): string {
  return text;
}
