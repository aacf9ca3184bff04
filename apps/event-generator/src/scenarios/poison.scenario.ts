import { inTurn, rowMessage, type ExpectedOutcome, type HostileMessage, type Scenario } from './scenario.js';

const TYPE = '"event_type":"scenario_poison"';
const LEVELS_TOO_DEEP = 101;

/** Each kind once, with a valid event between any two, because poison must not delay or damage its neighbours. */
const POISONS: readonly [HostileMessage, ...HostileMessage[]] = [
  bytes('NOT_UTF8', Buffer.concat([Buffer.from(`{${TYPE},"text":"`), Buffer.from([0xc3, 0x28, 0x22, 0x7d])])),
  bytes('NOT_UTF8', Buffer.from(`\ufeff{${TYPE}}`, 'utf16le')),
  text('TOO_DEEP', `{${TYPE},"a":${'['.repeat(LEVELS_TOO_DEEP)}${']'.repeat(LEVELS_TOO_DEEP)}}`),
  text('NOT_JSON', `{${TYPE},"a":1,}`),
  text('NOT_JSON', `{${TYPE},"a":NaN}`),
  text('NOT_JSON', `{${TYPE},"cut":"of`),
  text('NOT_JSON', ' '),
  text('DUPLICATE_KEY', `{${TYPE},"a":1,"\\u0061":2}`),
  text('KEY_NOT_UNICODE', `{${TYPE},"\\ud800":1}`),
  text('NOT_AN_OBJECT', '[1,2,3]'),
  text('NOT_AN_OBJECT', '"just a text"'),
  text('EVENT_TYPE_MISSING', '{"type":"no code reads this field"}'),
  text('EVENT_TYPE_INVALID', '{"event_type":42}'),
  text('EVENT_TYPE_INVALID', '{"event_type":"  "}'),
];

/** Messages that are not events, one for each rejection code. */
export const poison: Scenario = {
  name: 'poison',
  summary:
    'Broken bytes, broken JSON, equal keys, no object, no type; every second message is a valid event.',
  outcome:
    'One dead letter for each broken message, with the code in its attribute `expected`; a row for the others.',
  messageAt(faker, index) {
    if (index % 2 === 0) {
      return inTurn(POISONS, index / 2);
    }
    return rowMessage(`{${TYPE},"sequence":${index},"note":${JSON.stringify(faker.word.words(3))}}`);
  },
};

function bytes(expected: ExpectedOutcome, data: Buffer): HostileMessage {
  return { data, attributes: {}, expected };
}

function text(expected: ExpectedOutcome, json: string): HostileMessage {
  return bytes(expected, Buffer.from(json));
}
