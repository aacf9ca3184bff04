import fc from 'fast-check';
import { PIPELINE_COLUMNS, type Column, type TableSchema } from './schema/column.js';

/** Runs of each property and the seed to repeat: FC_RUNS (500 unless set) and FC_SEED. */
export function propertyOptions(): { readonly numRuns: number; readonly seed: number; readonly verbose: 0 } {
  const seed = Number(process.env['FC_SEED'] ?? Math.floor(Date.now() % 2_147_483_647));
  return { numRuns: Number(process.env['FC_RUNS'] ?? 500), seed, verbose: 0 };
}

const NUMBERS = [
  ...[
    '0',
    '-0',
    '1',
    '1.0',
    '1.50',
    '1000',
    '5000',
    '1e5',
    '1E-2',
    '0.001',
    '0.000001',
    '0.0000001',
    '49.99',
    '-0.5',
  ],
  ...[
    '9007199254740993',
    '9223372036854775807',
    '-9223372036854775808',
    '9223372036854775808',
    '1e300',
    '1e400',
  ],
  ...[
    '0.1000000000000000055',
    '123456789012345.6',
    '99999999999999999999999999999.999999999',
    '1e-400',
    '5e-324',
  ],
  ...['0.12345678901234567890123456789012345678', '1e37', '1e38', '0.1234567891', '123456789.123456789'],
];
const STRINGS = [
  ...['2024-01-15', '2024-02-30', '0000-01-01', '2024-01-15T10:30:00Z', '2024-01-15T10:30:00.123456+01:00'],
  ...[
    '2024-01-15T10:30:00',
    '9999-12-31T23:59:59-01:00',
    '10:30',
    '',
    ' ',
    'x',
    'é',
    '😀',
    'a"b\\c/d~e',
    '12',
  ],
];
const KEYS = [
  'a',
  'b',
  'c',
  'A',
  'order-id',
  '1',
  '10',
  '__proto__',
  'constructor',
  'é',
  '_message_id',
  '日本',
  'a/b~c',
  '',
];
/** Keys whose names clash with no other's, for laws about types alone. */
const CALM_KEYS = ['a', 'b', 'c', 'd', 'order-id', '__proto__'];

const numberText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NUMBERS) },
  { weight: 2, arbitrary: fc.integer().map(String) },
  { weight: 2, arbitrary: fc.integer({ min: -100_000, max: 100_000 }).map((cents) => String(cents / 100)) },
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.tuple(fc.bigInt(), fc.nat({ max: 50 })).map(([digits, exponent]) => `${digits}e-${exponent}`),
);
const stringText = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...STRINGS).map((text) => JSON.stringify(text)) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }).map((text) => JSON.stringify(text)) },
  { weight: 1, arbitrary: fc.constantFrom('"\\ud800"', '"\\u0061\\/"', '"\\udc00x"') },
);
const scalarText = fc.oneof(
  { weight: 3, arbitrary: numberText },
  { weight: 3, arbitrary: stringText },
  fc.constantFrom('true', 'false', 'null'),
);

function objectText(
  keys: readonly string[],
  value: fc.Arbitrary<string>,
  maxLength = 5,
): fc.Arbitrary<string> {
  const member = fc.tuple(fc.constantFrom(...keys), value, fc.constantFrom('', '', '', ' '));
  return fc
    .uniqueArray(member, { selector: ([key]) => key, maxLength })
    .map(
      (members) =>
        `{${members.map(([key, text, space]) => `${JSON.stringify(key)}:${space}${text}`).join(',')}}`,
    );
}

function valueText(keys: readonly string[]): fc.Arbitrary<string> {
  const { value } = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      { weight: 4, arbitrary: scalarText },
      { weight: 2, arbitrary: objectText(keys, tie('value')) },
      {
        weight: 1,
        arbitrary: fc.array(tie('value'), { maxLength: 4 }).map((elements) => `[${elements.join(',')}]`),
      },
      {
        weight: 1,
        arbitrary: fc.array(scalarText, { maxLength: 3 }).map((elements) => `[${elements.join(', ')}]`),
      },
      { weight: 1, arbitrary: records(keys, tie('value')) },
      { weight: 1, arbitrary: dataKeyed(tie('value')) },
    ),
  }));
  return value;
}

function records(keys: readonly string[], value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.array(objectText(keys, value, 3), { maxLength: 3 }).map((elements) => `[${elements.join(',')}]`);
}

function dataKeyed(value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .array(value, { minLength: 8, maxLength: 9 })
    .map((values) => `{${values.map((text, index) => `"${index + 100}":${text}`).join(',')}}`);
}

/** JSON text of any value; a text, because literals are what this library is about. */
export const anyValueText = valueText(KEYS);
/** JSON text of an event with every kind of key. */
export const eventText = objectText(KEYS, anyValueText, 7);
/** JSON text of an event whose keys never clash. */
export const calmEventText = objectText(CALM_KEYS, valueText(CALM_KEYS), 6);

const NAMES = ['a', 'b', 'c', 'order_id', '_1', 'constructor', '__proto__', 'toString'];
const SCALARS = [
  ...([
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
  ] as const),
  ...(['BYTES', 'TIME', 'GEOGRAPHY'] as const),
];
const description = fc.constantFrom(
  ...[
    undefined,
    undefined,
    undefined,
    'made by hand',
    'pipeline:{"key":"order-id"}',
    'pipeline:{"closed":true}',
  ],
);

function columns(depth: number): fc.Arbitrary<Column[]> {
  const scalar = fc.record({
    name: fc.constantFrom(...NAMES),
    type: fc.constantFrom(...SCALARS),
    mode: fc.constantFrom('NULLABLE' as const, 'NULLABLE' as const, 'REPEATED' as const, 'REQUIRED' as const),
    description,
  });
  const nested = fc.record({
    name: fc.constantFrom(...NAMES),
    type: fc.constant('RECORD' as const),
    mode: fc.constantFrom('NULLABLE' as const, 'REPEATED' as const, 'REQUIRED' as const),
    description,
    columns: depth > 2 ? fc.constant([]) : fc.constant(null).chain(() => columns(depth + 1)),
  });
  const column = fc
    .oneof({ weight: 3, arbitrary: scalar }, { weight: 1, arbitrary: nested })
    .map(withoutUndefined);
  return fc.uniqueArray(column, { selector: ({ name }) => name.toLowerCase(), maxLength: 6 });
}

function withoutUndefined(
  column: Omit<Column, 'description'> & { readonly description: string | undefined },
): Column {
  const { description: text, ...rest } = column;
  return text === undefined ? rest : { ...rest, description: text };
}

/** Tables that people made: every type, REQUIRED fields, closed records, closed tables. */
export const handMadeSchema: fc.Arbitrary<TableSchema> = fc
  .tuple(columns(0), fc.constantFrom(false, false, false, true))
  .map(([own, closed]) => ({ columns: [...PIPELINE_COLUMNS, ...own], closed }));
