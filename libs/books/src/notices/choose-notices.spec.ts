import { describe, expect, it } from '@jest/globals';
import { chooseNotices, MAX_FACTS } from './choose-notices.js';
import { historyEntry, NOW } from './facts.builder.js';
import { historyFact } from './history-facts.js';
import { factId, type Fact } from './notice.js';

const PAUSE_MS = 3_600_000;
const OPTIONS = { now: NOW, pauseMs: PAUSE_MS, projectId: 'p', dataset: 'd' };
const NOTHING = { facts: new Set<string>(), lastAtMs: new Map<string, number>() };

function change(changeId: string, table = 'orders', kind = 'ADD_COLUMN'): Fact {
  return historyFact(historyEntry({ changeId, table, kind }));
}

/** Type, table and number of facts of each notice. */
function chosen(facts: readonly Fact[], recorded = NOTHING): readonly string[] {
  return chooseNotices(facts, recorded, OPTIONS).map(
    ({ notice: { type, data } }) => `${type} ${data.table} ${data.count}`,
  );
}

describe('chooseNotices', () => {
  it.each([
    ['no fact', [], []],
    ['two facts of a table', [change('a'), change('b')], ['schema.changed orders 2']],
    ['a fact that is read twice', [change('a'), change('a')], ['schema.changed orders 1']],
    [
      'facts of two tables',
      [change('a'), change('b', 'stock')],
      ['schema.changed orders 1', 'schema.changed stock 1'],
    ],
    [
      'a change and a decision',
      [change('a'), change('b', 'orders', 'REJECT_CHANGE')],
      ['schema.changed orders 1', 'approval.decided orders 1'],
    ],
  ])('makes one notice for each type and table: %s', (_name, facts, expected) => {
    expect(chosen(facts)).toEqual(expected);
  });

  it('leaves out facts that were reported', () => {
    const recorded = { ...NOTHING, facts: new Set([factId(change('a'))]) };

    expect(chosen([change('a')], recorded)).toEqual([]);
    expect(chosen([change('a'), change('b')], recorded)).toEqual(['schema.changed orders 1']);
  });

  it.each([
    ['just before the pause ends', PAUSE_MS - 1, ['schema.changed stock 1']],
    ['when it ends', PAUSE_MS, ['schema.changed orders 2', 'schema.changed stock 1']],
  ])('keeps facts of a cause back until its pause is over: %s', (_name, agoMs, expected) => {
    const recorded = { ...NOTHING, lastAtMs: new Map([['schema.changed/orders', NOW.getTime() - agoMs]]) };

    expect(chosen([change('a'), change('b'), change('c', 'stock')], recorded)).toEqual(expected);
  });

  it('leaves facts beyond the limit of a notice to the next one', () => {
    const facts = Array.from({ length: MAX_FACTS + 5 }, (_unused, n) => change(`c${n}`));
    const [first] = chooseNotices(facts, NOTHING, OPTIONS);
    const next = chooseNotices(facts, { ...NOTHING, facts: new Set(first?.facts) }, OPTIONS);

    expect([first?.facts.length, next.map(({ notice }) => notice.data.count)]).toEqual([MAX_FACTS, [5]]);
  });

  it('makes at most 500 notices in one run', () => {
    const facts = Array.from({ length: 501 }, (_unused, n) => change(`c${n}`, `t${n}`));

    expect(chosen(facts)).toHaveLength(500);
  });
});
