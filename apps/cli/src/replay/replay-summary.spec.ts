import { describe, expect, it } from '@jest/globals';
import { ReplayTally, type Forecast, type ReplayStep } from '@pipeline/books';
import { renderReplay } from './replay-summary.js';

const ROW: Forecast = { kind: 'row', table: 'orders', overflowed: 0, changes: 2, isNewTable: false };
const REJECTED: Forecast = { kind: 'rejected', reason: 'NOT_JSON', detail: 'no JSON' };

function step(kind: Exclude<ReplayStep['kind'], 'impossible'>, id: string, forecast: Forecast): ReplayStep {
  const message = { messageId: id, publishedAt: '', data: Buffer.alloc(0), attributes: {} };
  return {
    kind,
    forecast,
    candidate: { message, attempts: 1, reason: 'APPEND_REJECTED', table: 'orders', publishedParts: [] },
  };
}

describe('ReplayTally', () => {
  it('counts by what is to be expected, with a sample of each', () => {
    const tally = new ReplayTally();
    for (const one of [
      step('published', 'a', ROW),
      step('published', 'b', ROW),
      step('hopeless', 'c', REJECTED),
      step('refused', 'd', ROW),
    ])
      tally.add(one);

    const summary = tally.summary();

    expect(summary).toEqual({
      published: 2,
      wouldPublish: 0,
      hopeless: 1,
      refused: 1,
      impossible: 0,
      outcomes: [
        {
          reason: 'APPEND_REJECTED',
          outcome: 'a row of orders, after 2 schema changes',
          messages: 2,
          sample: 'a',
        },
        { reason: 'APPEND_REJECTED', outcome: 'still a dead letter: NOT_JSON', messages: 1, sample: 'c' },
        {
          reason: 'APPEND_REJECTED',
          outcome: 'refused: it has had four attempts (--force tries again)',
          messages: 1,
          sample: 'd',
        },
      ],
    });
    expect(renderReplay(summary, { dryRun: false, interrupted: false, command: String })).toContain(
      '2 replayed, 1 left alone, because they would be dead letters again, 1 refused after four attempts.',
    );
  });

  it('says how to go on after an interruption', () => {
    const tally = new ReplayTally();
    tally.add(step('published', 'a', ROW));

    expect(renderReplay(tally.summary(), { dryRun: false, interrupted: true, command: String })).toContain(
      'goes on where this one stopped',
    );
  });

  it('says that there is nothing to replay', () => {
    expect(
      renderReplay(new ReplayTally().summary(), { dryRun: true, interrupted: false, command: String }),
    ).toContain('Nothing to replay');
  });
});
