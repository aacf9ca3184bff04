import { describe, expect, it } from '@jest/globals';
import { cancellable } from './cancellation.js';
import { RunningStatements } from './running-statements.js';

const SHORTAGE = 'Out of Memory Error: failed to allocate data of size 16.0 KiB (1024.0 MiB/1024.0 MiB used)';

/** A statement that runs until the spec ends it. */
function held(): { run: () => Promise<string>; end: (error?: Error) => void } {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return {
    run: () => promise,
    end: (error) => {
      if (error === undefined) resolve('ended');
      else reject(error);
    },
  };
}

/** A statement that fails with each of `failures` in turn, then succeeds; `attempts` counts. */
function failing(...failures: readonly Error[]): { attempts: number; run: () => Promise<string> } {
  const statement = {
    attempts: 0,
    run: (): Promise<string> => {
      const failure = failures[statement.attempts];
      statement.attempts += 1;
      return failure === undefined ? Promise.resolve('done') : Promise.reject(failure);
    },
  };
  return statement;
}

/** Lets everything run that waits for nothing but a turn. */
const turns = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('RunningStatements', () => {
  it.each([undefined, new Error(SHORTAGE)])(
    'runs a statement again that failed for memory, when the older one has ended (with %p)',
    async (ending) => {
      const statements = new RunningStatements();
      const greedy = held();
      const innocent = failing(new Error(SHORTAGE));
      const older = statements.run(greedy.run).catch(() => 'failed');
      const younger = statements.run(innocent.run);

      await turns();
      expect(innocent.attempts).toBe(1);
      greedy.end(ending);

      await expect(younger).resolves.toBe('done');
      await expect(older).resolves.toBe(ending === undefined ? 'ended' : 'failed');
      expect(innocent.attempts).toBe(2);
    },
  );

  it('runs a statement again whose older one has ended just before it failed', async () => {
    const statements = new RunningStatements();
    const greedy = held();
    const older = statements.run(greedy.run);
    const gate = held();
    const innocent = failing(new Error(SHORTAGE));
    const younger = statements.run(() => gate.run().then(innocent.run));

    greedy.end();
    await older;
    gate.end();

    await expect(younger).resolves.toBe('done');
  });

  it('waits for all older statements, those included that wait themselves', async () => {
    const statements = new RunningStatements();
    const greedy = held();
    const second = failing(new Error(SHORTAGE));
    const third = failing(new Error(SHORTAGE));
    const order: string[] = [];
    const all = [
      statements.run(greedy.run).then(() => order.push('greedy')),
      statements.run(second.run).then(() => order.push('second')),
      statements.run(third.run).then(() => order.push('third')),
    ];

    await turns();
    greedy.end();
    await Promise.all(all);

    expect(order).toEqual(['greedy', 'second', 'third']);
  });

  it('charges the oldest: it does not run again while younger ones run', async () => {
    const statements = new RunningStatements();
    const begun = held();
    const greedy = statements.run(begun.run);
    const younger = held();
    const innocent = statements.run(younger.run);

    begun.end(new Error(SHORTAGE));

    await expect(greedy).rejects.toMatchObject({
      reason: 'resourcesExceeded',
      httpStatus: 400,
      message: expect.stringMatching(
        /^Resources exceeded during query execution: the query needs more memory/,
      ),
    });
    younger.end();
    await expect(innocent).resolves.toBe('ended');
  });

  it('runs a statement at most twice', async () => {
    const statements = new RunningStatements();
    const greedy = held();
    const other = failing(new Error(SHORTAGE), new Error(SHORTAGE));
    const older = statements.run(greedy.run);
    const younger = statements.run(other.run);

    greedy.end();

    await expect(younger).rejects.toMatchObject({ reason: 'resourcesExceeded' });
    await older;
    expect(other.attempts).toBe(2);
  });

  it('does not repeat other failures', async () => {
    const statements = new RunningStatements();
    const greedy = held();
    const older = statements.run(greedy.run);
    const other = failing(new Error('Binder Error: no such column'));

    await expect(statements.run(other.run)).rejects.toThrow('no such column');
    expect(other.attempts).toBe(1);
    greedy.end();
    await older;
  });

  it('ends a waiting statement that is cancelled', async () => {
    const statements = new RunningStatements();
    const greedy = held();
    const older = statements.run(greedy.run);
    const cancellation = new AbortController();
    const other = failing(new Error(SHORTAGE));
    const younger = cancellable(cancellation.signal, () => statements.run(other.run));

    await turns();
    cancellation.abort(new Error('User requested cancellation'));

    await expect(younger).rejects.toThrow('User requested cancellation');
    expect(other.attempts).toBe(1);
    greedy.end();
    await older;
  });

  it('counts a statement inside of another as part of it', async () => {
    const statements = new RunningStatements();
    const inner = failing(new Error(SHORTAGE));

    await expect(statements.run(() => statements.run(inner.run))).rejects.toThrow('Resources exceeded');
    expect(inner.attempts).toBe(1);
  });
});
