import { PIPELINE_COLUMNS, type Column, type ColumnMode, type ColumnType } from '@pipeline/schema-inference';

/** Returns integers from 0 to below its argument, the same for the same seed. Park–Miller. */
export function seeded(seed: number): (below: number) => number {
  let state = (seed % 2_147_483_646) + 1;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

type Random = ReturnType<typeof seeded>;

const TYPES: readonly ColumnType[] = [
  ...(['BOOL', 'INT64', 'INT64', 'NUMERIC', 'NUMERIC', 'FLOAT64', 'FLOAT64', 'STRING', 'STRING'] as const),
  ...(['DATE', 'DATETIME', 'TIMESTAMP', 'RECORD', 'RECORD', 'JSON', 'BIGNUMERIC'] as const),
];
const KEYS = ['a', 'b', 'c', 'order-id', 'é', 'constructor', '__proto__', 'A b', 'longer_name_of_a_key'];

const NUMBERS = [
  ...[
    '0',
    '-0',
    '-0.0',
    '1',
    '-1',
    '127',
    '128',
    '1.0',
    '1.50',
    '-0.5',
    '-0.25',
    '0.001',
    '1e5',
    '1E-2',
    '01',
  ],
  ...[
    '123456789012345',
    '1234567890123456',
    '12345678901234.5',
    '9007199254740993',
    '0.123456789',
    '0.1234567891',
  ],
  ...[
    '9223372036854775807',
    '9223372036854775808',
    '-4294967296',
    '4294967297',
    '2147483648',
    '1.',
    '.5',
    '+1',
  ],
];
const STRINGS = [
  ...[
    '""',
    '"x"',
    '"é😀"',
    '"a\\n\\"\\\\\\/\\b\\f\\r\\t"',
    '"\\u0041\\u00e9\\u20ac\\u0000"',
    '"\\ud83d\\ude00"',
  ],
  ...['"\\ud800"', '"\\u12"', '"\\x"', '"a\u0001"', '"\u007f\u2028"', `"${'long '.repeat(40)}"`],
  ...[`"${'é'.repeat(70)}"`, '"2024-01-15"', '"null"'],
];
const DATES = [
  ...[
    '"2024-01-15"',
    '"2024-02-29"',
    '"2023-02-29"',
    '"0001-01-01"',
    '"9999-12-31"',
    '"0000-01-01"',
    '"1900-12-31"',
  ],
  ...[
    '"2024-01-15T10:30:00"',
    '"2024-01-15T10:30:00.5"',
    '"2024-01-31T10:30:00.123456"',
    '"2024-01-15T10:30:00.1234560"',
  ],
  ...[
    '"2024-01-15T10:30:00Z"',
    '"1969-12-31T23:59:59.999999Z"',
    '"2024-12-31T23:59:59.120Z"',
    '"1683-01-01T00:00:00Z"',
  ],
  ...[
    '"2256-01-01T00:00:00Z"',
    '"2024-01-15T10:30:00.1234567Z"',
    '"2024-01-15T10:30:00.1230000Z"',
    '"2024-01-15T10:30:00z"',
  ],
  ...[
    '"2024-01-15T10:30:00+01:30"',
    '"0001-01-01T00:00:00+01:00"',
    '"2024-01-15T24:00:00Z"',
    '"2024-01-15 10:30:00Z"',
  ],
];
const ANY = [
  'null',
  'true',
  '[]',
  '{}',
  '[null]',
  '{"a":null}',
  '[1,"x"]',
  '{"z":{"y":[1.50]}}',
  '[[1]]',
  'tru',
];

/** A schema and texts of events: most fit it, some do not, and some are no JSON. */
interface RandomCase {
  readonly columns: readonly Column[];
  readonly texts: readonly string[];
}

export function randomCase(random: Random, events: number): RandomCase {
  const own = randomColumns(random, 0);
  const columns = random(20) === 0 ? [...own, ...PIPELINE_COLUMNS] : [...PIPELINE_COLUMNS, ...own];
  return { columns, texts: Array.from({ length: events }, () => objectText(random, own)) };
}

function randomColumns(random: Random, depth: number): readonly Column[] {
  const first = random(KEYS.length);
  return Array.from({ length: 1 + random(depth === 0 ? 7 : 4) }, (_, index): Column => {
    const key = KEYS[(first + index) % KEYS.length] ?? '';
    const type = TYPES[random(depth > 2 ? 12 : TYPES.length)] ?? 'STRING';
    const mode: ColumnMode = random(4) === 0 ? 'REPEATED' : random(12) === 0 ? 'REQUIRED' : 'NULLABLE';
    const named = /^[a-z]\w*$/.test(key) ? { name: key } : noted(key, index);
    return type === 'RECORD'
      ? { ...named, type, mode, columns: randomColumns(random, depth + 1) }
      : { ...named, type, mode };
  });
}

function noted(key: string, index: number): Pick<Column, 'description' | 'name'> {
  return { name: `column_${index}`, description: `pipeline:${JSON.stringify({ key })}` };
}

function keyOf({ name, description }: Column): string {
  if (description === undefined) return name;
  return (JSON.parse(description.slice('pipeline:'.length)) as { readonly key: string }).key;
}

function objectText(random: Random, columns: readonly Column[]): string {
  const members = columns
    .filter(() => random(8) > 0)
    .map(
      (column) =>
        `${JSON.stringify(keyOf(column))}${space(random)}:${space(random)}${memberText(random, column)}`,
    );
  if (random(6) === 0) members.reverse();
  if (random(40) === 0) members.push(`"${KEYS[random(KEYS.length)] ?? ''}":${anyText(random)}`);
  if (random(60) === 0 && members[0] !== undefined) members.push(members[0]);
  return `{${members.join(`${space(random)},`)}${random(300) === 0 ? ',' : ''}}`;
}

function space(random: Random): string {
  return random(30) === 0 ? (['  ', '\n', '\t', '\u00a0'][random(4)] ?? '') : '';
}

function memberText(random: Random, column: Column): string {
  if (column.mode !== 'REPEATED') return random(25) === 0 ? 'null' : valueText(random, column);
  const length = random(30) === 0 ? 40 : random(4);
  return `[${Array.from({ length }, () => valueText(random, column)).join(random(9) === 0 ? ' , ' : ',')}]`;
}

function valueText(random: Random, { type, columns }: Column): string {
  if (random(60) === 0) return anyText(random);
  switch (type) {
    case 'BOOL':
      return random(2) === 0 ? 'true' : 'false';
    case 'INT64':
      return random(5) === 0
        ? pick(random, NUMBERS)
        : String((random(2_000_000) - 1_000_000) * (random(2) === 0 ? 1 : 1_000_003));
    case 'NUMERIC':
    case 'BIGNUMERIC':
    case 'FLOAT64':
      return random(5) === 0
        ? pick(random, NUMBERS)
        : String((random(2_000_000) - 1_000_000) / 10 ** random(7));
    case 'DATE':
      return random(2) === 0 ? pick(random, DATES.slice(0, 7)) : `"${day(random)}"`;
    case 'DATETIME':
      return random(2) === 0
        ? pick(random, DATES.slice(7, 11))
        : `"${day(random)}T0${random(10)}:1${random(10)}:59"`;
    case 'TIMESTAMP':
      return random(2) === 0
        ? pick(random, DATES.slice(11))
        : `"${day(random)}T0${random(10)}:1${random(10)}:59.${random(1_000_000)}Z"`;
    case 'RECORD':
      return objectText(random, columns ?? []);
    case 'STRING':
    case 'JSON':
    case 'BYTES':
    case 'TIME':
    case 'GEOGRAPHY':
    case 'INTERVAL':
    case 'RANGE':
      return pick(random, STRINGS);
  }
}

function anyText(random: Random): string {
  return pick(random, [ANY, NUMBERS, STRINGS, DATES][random(4)] ?? ANY);
}

function day(random: Random): string {
  return new Date(Date.UTC(1700 + random(500), random(12), 1 + random(31))).toISOString().slice(0, 10);
}

function pick(random: Random, texts: readonly string[]): string {
  return texts[random(texts.length)] ?? '';
}
