/**
 * Deliberate faults of the schema engine, each with the test that must catch it.
 *
 * `from` occurs exactly once in the file and is replaced by `to`; `caughtBy` is part of the full name of a test that passes
 * without the fault and fails with it.
 */
export const FAULTS = [
  {
    name: 'a number is rounded on the way: every event is treated as proved',
    file: 'decode/read-content.ts',
    from: 'const isProved = length === text.length && walk.hasProvedNumbers;',
    to: 'const isProved = length > 0;',
    caughtBy: 'fit: 9007199254740993 fits',
  },
  {
    name: 'duplicate keys pass when the text is short enough',
    file: 'decode/read-content.ts',
    from: 'scan.keys === walk.keys && ',
    to: '',
    caughtBy: 'a key that comes twice in one object is found',
  },
  {
    name: 'numbers that an exponent shortens count by their length, so that they can hide other characters',
    file: 'decode/shortest-number.ts',
    from: 'return isThousands ? NO_LENGTH : integerLength(value);',
    to: 'return integerLength(value);',
    caughtBy: 'a short exponent hides no duplicate key',
  },
  {
    name: 'NUMERIC holds ten digits after the point',
    file: 'values/decimal.ts',
    from: 'return point <= 29 && digits.length - point <= 9;',
    to: 'return point <= 29 && digits.length - point <= 10;',
    caughtBy: 'contract numbers',
  },
  {
    name: 'the smallest 64-bit integer is out of range',
    file: 'values/decimal.ts',
    from: 'integer <= (isNegative ? INT64_MIN_DIGITS : INT64_MAX_DIGITS)',
    to: 'integer <= INT64_MAX_DIGITS',
    caughtBy: 'fit: -9223372036854775808 fits INT64',
  },
  {
    name: 'the join of two widening types is the narrower one',
    file: 'values/widening.ts',
    from: 'WIDENING.indexOf(left) >= WIDENING.indexOf(right)',
    to: 'WIDENING.indexOf(left) <= WIDENING.indexOf(right)',
    caughtBy: 'contract joins',
  },
  {
    name: 'DATE and TIMESTAMP join to JSON instead of STRING',
    file: 'schema/shape.ts',
    from: "if (DATE_LIKE.has(left) && DATE_LIKE.has(right)) return 'STRING';",
    to: '',
    caughtBy: 'contract joins',
  },
  {
    name: 'a key with a clash in another case takes the same name',
    file: 'schema/column-name.ts',
    from: 'if (!isTaken(lowerAscii(name))) break;',
    to: 'if (!isTaken(name)) break;',
    caughtBy: 'contract names',
  },
  {
    name: 'half an array is kept',
    file: 'fit/fit-array.ts',
    from: '  if (worst !== null)',
    to: "  if (worst !== null && values.length > 0) return { kind: 'fits', value: values };\n  if (worst !== null)",
    caughtBy: 'contract fit',
  },
  {
    name: 'an array with null fits without it',
    file: 'fit/fit-array.ts',
    from: "if (hasNull) return 'NULL_IN_ARRAY';",
    to: '',
    caughtBy: 'fit: a null in an array is the whole array',
  },
  {
    name: 'records may be one level deeper than BigQuery allows',
    file: 'fit/infer-shape.ts',
    from: 'depth > limits.maxRecordDepth',
    to: 'depth > limits.maxRecordDepth + 1',
    caughtBy: 'contract guards',
  },
  {
    name: 'an event may have 101 levels',
    file: 'values/scan-json.ts',
    from: 'deepest > MAX_DEPTH',
    to: 'deepest > MAX_DEPTH + 1',
    caughtBy: 'contract rejections',
  },
  {
    name: 'keys that are data need more than three quarters',
    file: 'fit/data-keys.ts',
    from: 'matching * 4 >= members.length * 3',
    to: 'matching * 4 > members.length * 3',
    caughtBy: 'keys: 6 of 8 are three quarters',
  },
  {
    name: 'a closed table still widens',
    file: 'fit/fit-tree.ts',
    from: "fit.kind === 'wider' && this.schema.isClosed",
    to: "fit.kind === 'wider' && false",
    caughtBy: 'fit: a closed table does not widen',
  },
  {
    name: 'fields of records in arrays are assumed to widen in place',
    file: 'schema/compile-schema.ts',
    from: "context.canWiden && column.mode !== 'REPEATED'",
    to: 'context.canWiden',
    caughtBy: 'fit: a widening in an array of records cannot be',
  },
  {
    name: 'DDL comes before the patch',
    file: 'plan/schema-draft.ts',
    from: 'changes: [...this.patches, ...widenings]',
    to: 'changes: [...widenings, ...this.patches]',
    caughtBy: 'contract plan',
  },
  {
    name: 'a leap day in a year that has none is a date',
    file: 'values/date-text.ts',
    from: 'year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)',
    to: 'year % 4 === 0',
    caughtBy: 'contract dates',
  },
  {
    name: 'pointers of the overflow do not escape slashes',
    file: 'fit/overflow.ts',
    from: ".replace(/\\//g, '~1')",
    to: '',
    caughtBy: 'row and overflow rebuild every leaf',
  },
];
