import { describe, expect, it } from '@jest/globals';
import { logOutcome } from './log-outcome.js';
import type { EventOutcome } from './event-outcome.js';

function linesOf(outcome: EventOutcome, eventType = 'order'): readonly string[] {
  const lines: string[] = [];
  const write =
    (level: string) =>
    (fields: object, message: string): void => {
      lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
    };
  logOutcome(
    { debug: write('debug'), warn: write('warn'), error: write('error') } as unknown as Parameters<
      typeof logOutcome
    >[0],
    { outcome, messageId: '1', eventType, publishTime: null },
  );
  return lines;
}

describe('logOutcome', () => {
  const event = '"message_id":"1","event_type":"order","table":"orders"';

  it.each<[string, EventOutcome, string]>([
    [
      'a row',
      { kind: 'stored', table: 'orders', overflowed: 2 },
      `debug event stored {${event},"overflowed":2}`,
    ],
    [
      'an event of a known schema',
      { kind: 'known', table: 'orders' },
      `debug event matches the known schema {${event}}`,
    ],
    [
      'an event whose table was changed',
      { kind: 'changed', table: 'orders' },
      `debug table changed for the event {${event}}`,
    ],
    [
      'an event that the job dead-letters',
      { kind: 'left', table: 'orders', reason: 'NOT_JSON', detail: 'd' },
      `warn event left to the job {${event},"reason":"NOT_JSON","detail":"d"}`,
    ],
    [
      'a dead letter',
      { kind: 'dead-lettered', table: 'orders', reason: 'TOO_LARGE', detail: 'd' },
      `warn event dead-lettered {${event},"reason":"TOO_LARGE","detail":"d"}`,
    ],
    [
      'a refused row, without the value that BigQuery quotes',
      { kind: 'dead-lettered', table: 'orders', reason: 'APPEND_REJECTED', detail: 'Bad value: secret' },
      `warn event dead-lettered {${event},"reason":"APPEND_REJECTED","detail":"BigQuery refused the row; the dead letter has its message"}`,
    ],
    [
      'a quarantined event',
      { kind: 'quarantined', table: 'orders', reason: 'TABLE_GUARD' },
      `warn event quarantined {${event},"reason":"TABLE_GUARD"}`,
    ],
    [
      'an event that is redelivered',
      { kind: 'held', table: 'orders', code: 'NOT_YET', disposition: 'transient', detail: 'd' },
      `warn event held for redelivery {${event},"code":"NOT_YET","disposition":"transient","detail":"d"}`,
    ],
    [
      'an event that waits for an operator',
      { kind: 'held', table: 'orders', code: 'DATASET_NOT_FOUND', disposition: 'setup', detail: 'd' },
      `error event held: operator action required {${event},"code":"DATASET_NOT_FOUND","disposition":"setup","detail":"d"}`,
    ],
  ])('writes one line for %s', (_name, outcome, line) => {
    expect(linesOf(outcome)).toEqual([line]);
  });

  it('cuts a long event type', () => {
    const [line = ''] = linesOf({ kind: 'known', table: 't' }, 'x'.repeat(1_000_000));

    expect(line.length).toBeLessThan(400);
  });
});
