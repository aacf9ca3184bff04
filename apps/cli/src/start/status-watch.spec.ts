import { describe, expect, it, jest } from '@jest/globals';
import { sumCounts } from '@pipeline/books';
import { StatusWatch } from './status-watch.js';

/** Runs a view whose looks find `marks` one after the other; returns the questions of each look. */
async function questionsOf(marks: readonly string[], inProgress: number): Promise<string[]> {
  const ended = new AbortController();
  const looks: string[] = [];
  const ask = <T>(what: string, answer: T): Promise<T> => {
    looks.push(`${looks.pop() ?? ''} ${what}`.trim());
    return Promise.resolve(answer);
  };
  const books = { groups: [], totals: { ...sumCounts([]), inProgress }, unaccounted: [] };
  const warehouse = {
    mark: () => {
      const mark = marks[looks.length];
      if (mark === undefined) ended.abort();
      else looks.push('');
      return Promise.resolve(mark ?? marks.at(-1) ?? '');
    },
    tables: () => ask('tables', []),
    books: () => ask('books', books as never),
    trouble: () => ask('trouble', { overflow: new Map(), deadLetters: new Map() }),
    notReceived: () => ask('notReceived', []),
  };
  const log = jest.spyOn(console, 'log').mockReturnValue(undefined);
  await new StatusWatch(warehouse, { redraw: false, pollMs: 0 }).showUntil(ended.signal);
  log.mockRestore();
  return looks;
}

describe('StatusWatch', () => {
  const whole = 'tables books trouble';

  it('reads no row while nothing changes, once everything was asked after the last change', async () => {
    expect(await questionsOf(['a', 'a', 'a', 'a', 'b', 'b', 'b'], 0)).toEqual([
      whole,
      whole,
      '',
      '',
      'tables books',
      whole,
      '',
    ]);
  });

  it('goes on reading while a message is in progress, because it becomes unaccounted by time alone', async () => {
    const looks = await questionsOf(['a', 'a', 'a', 'a'], 1);

    expect(looks.filter((look) => look === '')).toEqual([]);
  });
});
