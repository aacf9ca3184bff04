import { inTurn, rowMessage, type Scenario } from './scenario.js';

const LONGEST_NAME = 300;

const KEYS: readonly [string, ...string[]] = [
  'order-id',
  'order_id',
  'Order_ID',
  'größe',
  'grösse',
  'gro\u0308ße',
  '数量',
  '😀',
  '😀😀',
  '123',
  '_TABLE_x',
  '_message_id',
  '_FILE_',
  '__proto__',
  'constructor',
  'toString',
  '',
  ' ',
  'a.b',
  'a/b',
  'a~b',
  '`; DROP TABLE orders; --',
  '"quoted"',
  'x'.repeat(LONGEST_NAME),
  `${'x'.repeat(LONGEST_NAME)}y`,
  '\u202Eright-to-left',
  'line\nbreak',
  '\u0000',
];
const KEYS_PER_EVENT = 7;

/** Keys that are not valid column names, or that collide once converted. */
export const unicodeKeys: Scenario = {
  name: 'unicode-keys',
  summary:
    'Keys with dashes, dots, emoji, combining marks, reserved prefixes, no letters, 300 letters, or none at all.',
  outcome: 'A column for each key, with the key in its description; keys that collide get separate columns.',
  messageAt(faker, index) {
    const members = Array.from({ length: KEYS_PER_EVENT }, (_, position) => {
      const key = inTurn(KEYS, index * KEYS_PER_EVENT + position);
      return `${JSON.stringify(key)}:${faker.number.int({ min: 0, max: 1_000_000 })}`;
    });
    return rowMessage(
      `{"event_type":"scenario_unicode_keys","sequence":${index},${members.join(',')},"nested":{${members.join(',')}}}`,
    );
  },
};
