import { describe, expect, it } from '@jest/globals';
import { logTaken } from './log-taken.js';
import type { TakeOutcome } from './take-outcome.js';

function linesOf(outcome: TakeOutcome): readonly string[] {
  const lines: string[] = [];
  const write =
    (level: string) =>
    (fields: object, message: string): void => {
      lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
    };
  logTaken(
    { debug: write('debug'), warn: write('warn'), error: write('error') } as unknown as Parameters<
      typeof logTaken
    >[0],
    { outcome, messageId: '1', eventType: 'order', publishTime: null },
  );
  return lines;
}

describe('logTaken', () => {
  const who = '"message_id":"1","event_type":"order","table":"orders"';

  it.each<[string, TakeOutcome, string]>([
    [
      'a row',
      { kind: 'stored', table: 'orders', overflowed: 2 },
      `debug event stored {${who},"overflowed":2}`,
    ],
    [
      'an event of a known schema',
      { kind: 'known', table: 'orders' },
      `debug event is of a known schema {${who}}`,
    ],
    [
      'an event whose table was changed',
      { kind: 'changed', table: 'orders' },
      `debug event waited for its table {${who}}`,
    ],
    [
      'an event that the job dead-letters',
      { kind: 'left', table: 'orders', reason: 'NOT_JSON', detail: 'd' },
      `warn event left to the job {${who},"reason":"NOT_JSON","detail":"d"}`,
    ],
    [
      'a dead letter',
      { kind: 'dead-lettered', table: 'orders', reason: 'TOO_LARGE', detail: 'd' },
      `warn event dead-lettered {${who},"reason":"TOO_LARGE","detail":"d"}`,
    ],
    [
      'an event that comes again',
      { kind: 'held', table: 'orders', code: 'NOT_YET', disposition: 'transient', detail: 'd' },
      `warn event held for another delivery {${who},"code":"NOT_YET","disposition":"transient","detail":"d"}`,
    ],
    [
      'an event that waits for somebody',
      { kind: 'held', table: 'orders', code: 'DATASET_NOT_FOUND', disposition: 'setup', detail: 'd' },
      `error event held until somebody acts {${who},"code":"DATASET_NOT_FOUND","disposition":"setup","detail":"d"}`,
    ],
  ])('writes one line for %s', (_name, outcome, line) => {
    expect(linesOf(outcome)).toEqual([line]);
  });
});
