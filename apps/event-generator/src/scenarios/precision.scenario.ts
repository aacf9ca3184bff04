import { inTurn, rowMessage, type Scenario } from './scenario.js';

/** Each list is one field, so that every column gets values of its own kind and beyond. */
const FIELDS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  id: ['9223372036854775807', '-9223372036854775808', '9007199254740993', '9223372036854775808', '0', '-0'],
  money: ['0.1', '12345678901234567890123456789.123456789', '1.0', '1e2', '100.00', '-0.000000001'],
  scale: [
    '0.12345678901234567890123456789012345678',
    '99999999999999999999999999999999999999',
    '1e-38',
    '123456789012345678901234567890123456789',
    '5e-324',
    '1e400',
  ],
  measure: [
    '1.7976931348623157e308',
    '2.2250738585072014e-308',
    '5e-324',
    '0.30000000000000004',
    '1',
    '1e-400',
  ],
  instant: [
    '"2024-01-15T10:30:00.123456Z"',
    '"2024-01-15T10:30:00.123456789Z"',
    '"0001-01-01T00:00:00Z"',
    '"9999-12-31T23:59:59.999999Z"',
    '"2024-06-30T23:59:60Z"',
    '"2024-01-15T10:30:00+23:59"',
  ],
  day: ['"2024-02-29"', '"2023-02-29"', '"0000-01-01"', '"9999-12-31"', '"2024-1-5"', '"20240105"'],
  text: ['"\\ud83d\\ude00"', '"\\ud800"', '"\\u0000"', '""', '"{{projectId}}"', '" 1.0 "'],
  list: ['[1,2.5,9007199254740993]', '[1,null]', '[[1.10],[2]]', '[0.1,"0.1"]', '[]', '[1e400]'],
  document: ['{"a":1.10}', '{"a":12345678901234567890}', '{"a":[]}', '{}', '{"a":1e5}', '{"a":"1"}'],
};

/** Numbers, times and texts at the limits of columns and of doubles. */
export const precision: Scenario = {
  name: 'precision',
  summary:
    'Integers beyond 64 bits, decimals of 38 digits, exponents, nanoseconds, dates that do not exist, half surrogates.',
  outcome: 'Each value exactly in its column, or exactly in `_overflow` with the reason.',
  messageAt(_faker, index) {
    const fields = Object.entries(FIELDS).map(
      ([name, values], position) => `"${name}":${inTurn(values, index + position)}`,
    );
    return rowMessage(`{"event_type":"scenario_precision","sequence":${index},${fields.join(',')}}`);
  },
};
