import { describe, expect, it } from '@jest/globals';
import { CloudError, type Sql, type SqlQuery } from '@pipeline/google-clients';
import { RequestFailure } from '@pipeline/platform';
import type { Identity } from '../access/access.js';
import type { ActionKind, RunContext } from './action.js';
import { ActionRunner, type ActionStep } from './action-runner.js';
import { Previews } from './previews.js';

const ADA: Identity = { person: 'ada', actor: 'console@1 (ada)', role: 'operator' };
const EVE: Identity = { person: 'eve', actor: 'console@1 (eve)', role: 'admin' };
const VIEWER: Identity = { ...ADA, role: 'viewer' };

/** A log in memory; `isDown` refuses every statement. */
class LogSql {
  readonly written: SqlQuery[] = [];
  isDown = false;

  name(table: string): string {
    return table;
  }

  execute(query: SqlQuery): Promise<void> {
    if (this.isDown) return Promise.reject(new CloudError({ code: 'UNAVAILABLE', message: 'no answer' }));
    this.written.push(query);
    return Promise.resolve();
  }

  entries(): unknown[] {
    return this.written.map(({ parameters }) => parameters?.['outcome'] ?? 'intent');
  }
}

interface Bench {
  readonly sql: LogSql;
  readonly runner: ActionRunner;
  readonly events: string[];
  preview(identity?: Identity): string;
  go(token: string, identity?: Identity): Promise<ActionStep[]>;
  nowMs: number;
}

function bench(
  run: (context: RunContext) => Promise<object> = () => Promise.resolve({ published: 2 }),
): Bench {
  const sql = new LogSql();
  const events: string[] = [];
  const now = (): Date => new Date(set.nowMs);
  const previews = new Previews(now);
  const kind: ActionKind = {
    name: 'replay',
    role: 'operator',
    Input: Object,
    preview: () => Promise.reject(new Error()),
  };
  const runner = new ActionRunner({
    kinds: [kind],
    previews,
    sql: sql as unknown as Sql,
    now,
    logger: { info: () => undefined, error: () => undefined },
  });
  const set: Bench = {
    sql,
    runner,
    events,
    nowMs: Date.parse('2026-11-30T10:00:00Z'),
    preview: ({ actor } = ADA) =>
      previews.keep({
        kind: 'replay',
        actor,
        input: { reason: 'NOT_JSON' },
        figures: { wouldPublish: 2 },
        run: (context) => {
          events.push(`run after ${sql.entries().join()}`);
          return run(context);
        },
      }).token,
    go: async (token, identity = ADA) => {
      const steps: ActionStep[] = [];
      const begun = await runner.begin(token, identity);
      await begun.run((step) => steps.push(step), new AbortController().signal);
      return steps;
    },
  };
  return set;
}

const failure = (work: Promise<unknown>): Promise<readonly unknown[]> =>
  work.then(
    () => ['no failure'],
    (cause: unknown) =>
      cause instanceof RequestFailure ? [cause.getStatus(), cause.body.error.code] : [String(cause)],
  );

describe('an action', () => {
  it('begins after its intent is in the log, and ends with its outcome there', async () => {
    const set = bench();

    const steps = await set.go(set.preview());

    expect(set.events).toEqual(['run after intent']);
    expect(steps.map(({ step }) => step)).toEqual(['begun', 'ended']);
    expect(steps.at(-1)).toEqual({
      step: 'ended',
      outcome: 'completed',
      result: { published: 2 },
      error: null,
    });
    expect(set.sql.written.map(({ parameters }) => parameters)).toMatchObject([
      {
        kind: 'replay',
        actor: 'console@1 (ada)',
        role: 'operator',
        input: '{"reason":"NOT_JSON"}',
        preview: '{"wouldPublish":2}',
      },
      {
        kind: 'replay',
        actor: 'console@1 (ada)',
        outcome: 'completed',
        result: '{"published":2}',
        detail: '',
      },
    ]);
  });

  it('does not begin if its intent cannot be written', async () => {
    const set = bench();
    set.sql.isDown = true;

    await expect(set.go(set.preview())).rejects.toThrow('no answer');
    expect(set.events).toEqual([]);
  });

  it('that fails has the reason in the log and in the answer', async () => {
    const cause = new CloudError({ code: 'PERMISSION_DENIED', message: 'publishing is not allowed' });
    const set = bench(() => Promise.reject(cause));

    const steps = await set.go(set.preview());

    expect(steps.at(-1)).toMatchObject({ outcome: 'failed', error: { code: 'PERMISSION_DENIED' } });
    expect(set.sql.written[1]?.parameters).toMatchObject({ outcome: 'failed' });
    expect(set.sql.written[1]?.parameters?.['detail']).toContain('publishing is not allowed');
  });

  it('whose outcome cannot be written says so, and leaves an intent without an outcome', async () => {
    const set = bench(() => {
      set.sql.isDown = true;
      return Promise.resolve({ published: 2 });
    });

    const steps = await set.go(set.preview());

    expect(set.sql.entries()).toEqual(['intent']);
    expect(steps.at(-1)).toMatchObject({ result: { published: 2 }, error: { code: 'NOT_LOGGED' } });
  });

  it('is interrupted when the service ends', async () => {
    const set = bench(({ signal }) => {
      set.runner.stopAll();
      return Promise.resolve({ stopped: signal.aborted });
    });

    expect((await set.go(set.preview())).at(-1)).toMatchObject({
      outcome: 'interrupted',
      result: { stopped: true },
    });
  });

  it('is confirmed once, by the person of the preview, within 15 minutes', async () => {
    const set = bench();
    const token = set.preview();
    await set.go(token);

    expect(await failure(set.go(token))).toEqual([409, 'PREVIEW_EXPIRED']);
    expect(await failure(set.go(set.preview(), EVE))).toEqual([409, 'PREVIEW_EXPIRED']);
    expect(await failure(set.go('unknown'))).toEqual([409, 'PREVIEW_EXPIRED']);
    const old = set.preview();
    set.nowMs += 15 * 60_000;
    expect(await failure(set.go(old))).toEqual([409, 'PREVIEW_EXPIRED']);
    expect(set.events).toHaveLength(1);
  });

  it('needs its role for the preview and for the run, and leaves no trace without it', async () => {
    const set = bench();

    expect(() => set.runner.allowed('replay', VIEWER)).toThrow('needs the role operator; yours is viewer');
    expect(await failure(set.go(set.preview(), VIEWER))).toEqual([403, 'ROLE_MISSING']);
    expect(set.sql.entries()).toEqual([]);
  });
});
