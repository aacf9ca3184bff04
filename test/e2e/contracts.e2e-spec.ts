import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../harness/ports.js';
import { measureGoodEvents } from '../lab/measure-good-events.js';
import { runPipeline, type CommandResult } from './command-line.js';
import { eventually } from './eventually.js';
import { GithubStub } from './github-stub.js';
import { MarkHolder, NoticeReader } from './notices.js';
import { Pipeline } from './pipeline.js';

const LIMIT_MS = 300_000;
const LONG_LIMIT_MS = 900_000;
/** The long variant: `E2E_LONG=1`; the rate of production for a minute. */
const IS_LONG = process.env['E2E_LONG'] === '1';

let pipeline: Pipeline;
let folder: string;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'contracts-'));
  pipeline = await Pipeline.start();
  url = (await pipeline.startTableManager(undefined, { NOTICE_PAUSE_SECONDS: '0' })).url;
}, LIMIT_MS);

afterAll(async () => {
  await pipeline.stop();
  rmSync(folder, { recursive: true, force: true });
});

function contracts(...words: readonly string[]): Promise<CommandResult> {
  return runPipeline(pipeline.cloud, 'contracts', ...words, '--dir', folder);
}

/** Publishes an event and waits for its row. */
async function store(event: Readonly<Record<string, unknown>>, table: string): Promise<void> {
  const id = await pipeline.publish(event);
  await eventually(() => pipeline.row(table, id), LIMIT_MS);
}

async function rowsOf(table: string): Promise<number> {
  const [row] = await pipeline.query<{ c: number }>(
    `SELECT COUNT(DISTINCT _message_id) AS c FROM prod_events_dataset.${table}`,
  );
  return Number(row?.c);
}

describe('contracts', () => {
  it(
    'are written from the tables, checked, compared, and updated without losing a comment',
    async () => {
      await store({ event_type: 'shipment', weight: 1, items: [{ sku: 'a' }] }, 'shipment');
      const file = join(folder, 'shipment.odcs.yaml');

      expect((await contracts('init')).exitCode).toBe(0);
      expect(await contracts('lint')).toMatchObject({ exitCode: 0, stdout: '2 files: no mistakes.\n' });
      expect(await contracts('diff')).toMatchObject({
        exitCode: 0,
        stdout: `shipment: the table is as ${file} describes it.\n`,
      });

      writeFileSync(
        file,
        `${readFileSync(file, 'utf8').replace('physicalType: INT64', 'physicalType: NUMERIC')}# finance\n`,
      );
      await store({ event_type: 'shipment', note: 'x' }, 'shipment');
      const differing = await contracts('diff');
      expect([differing.exitCode, differing.stdout.split('\n')]).toEqual([
        1,
        [
          `shipment: 2 differences from ${file}`,
          expect.stringMatching(
            /^ {2}~ weight: INT64 in the table, NUMERIC in the contract, line \d+; comes by itself$/,
          ),
          '  - note STRING: only in the table; pipeline contracts init --update writes it down',
          '',
        ],
      ]);

      expect((await contracts('init', 'shipment')).stdout).toContain('exists and was kept');
      expect((await contracts('init', 'shipment', '--update')).stdout).toBe(`${file}: columns added\n`);
      expect(readFileSync(file, 'utf8')).toMatch(/- name: note\n(.*\n)*# finance\n$/);
      expect((await contracts('diff')).stdout).not.toContain('note');
    },
    LIMIT_MS,
  );

  it('with a mistake are refused with file, line and remedy', async () => {
    const file = join(folder, 'wrong.odcs.yaml');
    writeFileSync(file, 'apiVersion: v3.1.0\nkind: DataContract\nid: x\nversion: 1\nstatus: active\n');

    const linted = await contracts('lint', file);
    const compared = await contracts('diff', file);
    rmSync(file);

    const problem = `${file}:4: version: version is not text. Write the version of the contract in quotes: version: "1.0.0".`;
    expect([linted.exitCode, linted.stdout.trim()]).toEqual([1, problem]);
    expect([compared.exitCode, compared.stderr.trim()]).toEqual([2, problem]);
    expect(
      (await runPipeline(pipeline.cloud, 'contracts', 'lint', '--dir', join(folder, 'none'))).exitCode,
    ).toBe(2);
  });

  describe('with approve for new columns', () => {
    let file: string;
    let command: (...words: readonly string[]) => Promise<CommandResult>;

    /** The rows of one value of `n`: every column, the overflow as text. */
    async function rowOf(n: number): Promise<Readonly<Record<string, unknown>> | undefined> {
      const [row] = await pipeline.query<Readonly<Record<string, unknown>>>(
        `SELECT * FROM prod_events_dataset.parcel WHERE n = ${n}`,
      );
      return row;
    }

    beforeAll(async () => {
      file = join(folder, 'parcel.odcs.yaml');
      command = (...words) => runPipeline(pipeline.cloud, ...words);
      await store({ event_type: 'parcel', n: 0 }, 'parcel');
      await contracts('init', 'parcel');
      const text = readFileSync(file, 'utf8');
      writeFileSync(
        file,
        text.replace('newColumns\n        value: evolve', 'newColumns\n        value: approve'),
      );
    }, LIMIT_MS);

    it(
      'plan first, are applied once, and change nothing the second time',
      async () => {
        const plan = await contracts('apply', file, '--dry-run');
        const first = await contracts('apply', file);
        const second = await contracts('apply', file);

        const steps = `parcel: ${file}\n  ! table: pipeline.newColumns evolve → approve\n`;
        expect([plan.exitCode, plan.stdout]).toEqual([0, steps]);
        expect([first.exitCode, first.stdout]).toEqual([
          0,
          `${steps}parcel: 1 change made, 0 values moved, no value waits.\n`,
        ]);
        expect(second.stdout).toBe(
          'parcel: nothing to do.\nparcel: 0 changes made, 0 values moved, no value waits.\n',
        );
      },
      LIMIT_MS,
    );

    it(
      'let the row land at once, list the change once, and move every value when a person approves it',
      async () => {
        for (const n of [1, 2, 3])
          await store({ event_type: 'parcel', n, discount: n / 2, r: { mail: 'ada@example.org' } }, 'parcel');
        expect(await rowOf(1)).toMatchObject({ _overflow: expect.stringContaining('AWAITING_APPROVAL') });
        const pending = await command('contracts', 'pending', 'parcel', '--json');
        expect([pending.exitCode, JSON.parse(pending.stdout)]).toMatchObject([
          1,
          {
            total: 2,
            approvals: [
              { path: '/discount', kind: 'add', type: 'NUMERIC', values: 3, sample: '9.9', warnings: [] },
              {
                path: '/r/mail',
                kind: 'add',
                type: 'STRING',
                values: 3,
                sample: 'xxx@xxxxxxx.xxx',
                warnings: ['EMAIL'],
              },
            ],
          },
        ]);

        const listed = await fetch(`${url}/contracts/pending?fresh=true`);
        expect([listed.status, await listed.json()]).toMatchObject([
          200,
          { total: 2, approvals: [{ path: '/discount' }, { path: '/r/mail' }] },
        ]);

        const approved = await command('approve', 'parcel', '/discount');
        expect([approved.exitCode, approved.stdout]).toEqual([
          0,
          'Approved: discount NUMERIC. 3 values moved. No value is left in _overflow.\n',
        ]);
        expect(Number((await rowOf(3))?.['discount'])).toBe(1.5);
        expect((await command('approve', 'parcel', 'discount')).stdout).toMatch(
          /^parcel\.discount exists as NUMERIC: there is nothing to decide, and nothing was deleted\.\nBefore: approved /,
        );
        expect((await command('reject', 'parcel', 'discount', '--reason', 'x')).exitCode).toBe(1);
        expect((await command('contracts', 'pending', 'parcel')).stdout).not.toContain('/discount');
      },
      LIMIT_MS,
    );

    it(
      'keep what a person rejects in the overflow, until it is approved after all',
      async () => {
        expect((await command('reject', 'parcel', '/r/mail')).exitCode).toBe(2);
        const rejected = await command('reject', 'parcel', '/r/mail', '--reason', 'personal data');
        expect([rejected.exitCode, rejected.stdout]).toEqual([
          0,
          '/r/mail of parcel is rejected: 3 values stay in _overflow, and so do those to come. pipeline approve undoes it.\n',
        ]);
        expect((await command('reject', 'parcel', '/r/mail', '--reason', 'again')).stdout).toContain(
          'because personal data.',
        );
        expect(await command('contracts', 'pending', 'parcel')).toMatchObject({
          exitCode: 0,
          stdout: 'No change waits for an approval.\n',
        });
        expect((await command('contracts', 'pending', 'parcel', '--rejected')).stdout).toContain(
          'EMAIL rejected',
        );

        const approved = await command('approve', 'parcel', 'r');
        expect(approved.stdout).toMatch(
          /^Approved: r STRUCT, r\.mail STRING\. 3 values moved\. No value is left/,
        );
        expect((await command('approve', 'parcel', '/nowhere')).exitCode).toBe(2);
      },
      LIMIT_MS,
    );

    it(
      'make a column that a contract declares, and the rest when the table evolves again',
      async () => {
        await store({ event_type: 'parcel', n: 7, note: 'x', late: '2026-11-29' }, 'parcel');
        await contracts('init', 'parcel', '--update');
        writeFileSync(
          file,
          `${readFileSync(file, 'utf8')}      - name: note\n        physicalType: STRING\n`,
        );
        const applied = await contracts('apply', file);
        expect(applied.stdout).toMatch(
          / {2}\+ note STRING\nparcel: 1 change made, 1 value moved, 1 value waits/,
        );
        expect(await rowOf(7)).toMatchObject({ note: 'x' });

        writeFileSync(file, readFileSync(file, 'utf8').replace('value: approve', 'value: evolve'));
        expect((await contracts('apply', file)).stdout).toMatch(
          /1 change made, \d values? moved, no value waits/,
        );
        expect(await rowOf(7)).toMatchObject({ late: expect.anything(), _overflow: null });
        const kinds = await pipeline.query<{ kind: string; c: number }>(
          `SELECT kind, COUNT(*) AS c FROM prod_events_dataset._schema_history WHERE table_name = 'parcel' AND kind IN ('APPLY_CONTRACT', 'APPROVE_CHANGE', 'REJECT_CHANGE') GROUP BY kind ORDER BY kind`,
        );
        expect(kinds).toEqual([
          { kind: 'APPLY_CONTRACT', c: 2 },
          { kind: 'APPROVE_CHANGE', c: 2 },
          { kind: 'REJECT_CHANGE', c: 1 },
        ]);
      },
      LIMIT_MS,
    );

    it(
      'leave the books balanced, and no value altered',
      async () => {
        const audit = await command('audit', '--deep', '--in-progress-seconds', '0', '--json');

        expect([audit.exitCode, JSON.parse(audit.stdout)]).toMatchObject([
          0,
          { totals: { unaccounted: 0 }, deep: { altered: 0 } },
        ]);
      },
      LIMIT_MS,
    );
  });

  (IS_LONG ? describe : describe.skip)(
    'with a field without an approval, at 500 events/s (with E2E_LONG=1)',
    () => {
      const PER_SECOND = 500;
      const SECONDS = 60;
      const EVENTS = PER_SECOND * SECONDS;

      it(
        'keep every row on time, and have every value in the column within a minute of the approval',
        async () => {
          const file = join(folder, 'stream.odcs.yaml');
          await store({ event_type: 'stream', n: 0 }, 'stream');
          await contracts('init', 'stream');
          const text = readFileSync(file, 'utf8');
          writeFileSync(file, text.replace(/(newColumns\n *value:) evolve/, '$1 approve'));
          await contracts('apply', file);

          const published: Promise<string>[] = [];
          const startedAtMs = Date.now();
          for (let second = 0; second < SECONDS; second++) {
            await setTimeout(Math.max(0, startedAtMs + second * 1_000 - Date.now()));
            for (let index = 1; index <= PER_SECOND; index++) {
              const n = second * PER_SECOND + index;
              published.push(pipeline.publish({ event_type: 'stream', n, extra: `v${n}` }));
            }
          }
          await Promise.all(published);
          const publishedMs = Date.now() - startedAtMs;
          await eventually(async () => {
            expect(await rowsOf('stream')).toBe(EVENTS + 1);
          }, LIMIT_MS);
          const waiting = await measureGoodEvents(pipeline.sql, ['stream']);

          const approvedAtMs = Date.now();
          const approved = await runPipeline(pipeline.cloud, 'approve', 'stream', '/extra');
          const approvalMs = Date.now() - approvedAtMs;
          const [moved] = await pipeline.query<{ good: number }>(
            `SELECT COUNT(DISTINCT n) AS good FROM prod_events_dataset.stream WHERE extra = CONCAT('v', CAST(n AS STRING)) AND _overflow IS NULL`,
          );
          const audit = await runPipeline(
            pipeline.cloud,
            ...['audit', '--deep', '--table', 'stream', '--in-progress-seconds', '0', '--json'],
          );
          process.stdout.write(
            `unapproved field: ${EVENTS} events in ${publishedMs} ms, publish to row p99 ${waiting.p99Ms} ms, approval to values ${approvalMs} ms\n`,
          );
          expect(approved.stdout).toContain('No value is left in _overflow.');
          expect(Number(moved?.good)).toBe(EVENTS);
          expect(JSON.parse(audit.stdout)).toMatchObject({
            totals: { unaccounted: 0 },
            deep: { altered: 0 },
          });
        },
        LONG_LIMIT_MS,
      );
    },
  );

  describe('in Git, with pull requests', () => {
    let github: GithubStub;
    const before = process.env['PATH'];

    beforeAll(async () => {
      github = GithubStub.create(join(folder, 'github'));
      process.env['PATH'] = `${github.bin}${delimiter}${before ?? ''}`;
      await store({ event_type: 'invoice', n: 0 }, 'invoice');
      await runPipeline(
        pipeline.cloud,
        'contracts',
        'init',
        'invoice',
        '--dir',
        join(github.clone, 'contracts'),
      );
      const file = join(github.clone, 'contracts', 'invoice.odcs.yaml');
      const text = readFileSync(file, 'utf8').replace(/(newColumns\n *value:) evolve/, '$1 approve');
      writeFileSync(
        file,
        text.replace(
          'physicalType: INT64',
          'physicalType: INT64\n        logicalTypeOptions: { minimum: 2 }',
        ),
      );
      github.commitAll('Contracts');
      await runPipeline(pipeline.cloud, 'contracts', 'apply', file);
    }, LIMIT_MS);

    afterAll(() => {
      process.env['PATH'] = before;
    });

    function inGit(command: string, ...words: readonly string[]): Promise<CommandResult> {
      return runPipeline(pipeline.cloud, 'contracts', command, ...words, '--repository', github.clone);
    }

    /** Merges the branch, and applies as the workflow does. */
    function mergeAndApply(): Promise<CommandResult> {
      github.merge('contracts/invoice');
      return inGit('apply', '--dir', join(github.clone, 'contracts'), '--comment-for', 'HEAD');
    }

    it(
      'a field appears, waits, is proposed with its plan, and moves into its column when the pull request is merged',
      async () => {
        for (const n of [1, 2, 3]) await store({ event_type: 'invoice', n, discount: n / 2 }, 'invoice');

        const first = await inGit('propose', '--pull-requests');
        const second = await inGit('propose', '--pull-requests');
        const proposed = github.state();
        expect([first.exitCode, first.stdout, first.stderr]).toEqual([
          0,
          'contracts/invoice: pushed. https://github.example/o/r/pull/1\n',
          '',
        ]);
        expect(second.stdout).toBe(
          'contracts/invoice: has the proposal already. https://github.example/o/r/pull/1\n',
        );
        expect(proposed).toMatchObject({
          pullRequests: [
            { head: 'contracts/invoice', title: 'contracts: 1 change of invoice', state: 'OPEN' },
          ],
          comments: [{ issue: 1 }],
        });
        expect(proposed.pullRequests[0]?.body).toContain('| `/discount` | NUMERIC | 3 |');
        expect(proposed.comments[0]?.body).toMatch(
          /^<!-- pipeline contracts review -->\n## Contracts\n(.|\n)*- `\+ discount NUMERIC`\n\n3 values wait(.|\n)*\| `n` \| `minimum 2` \| 2 \|/,
        );
        expect(github.git('status', '--porcelain')).toBe('');

        const reviewed = await inGit('review', '--head', 'origin/contracts/invoice', '--pull-request', '1');
        expect([reviewed.exitCode, github.state().comments.length]).toEqual([0, 1]);

        const applied = await mergeAndApply();
        expect(applied.stdout).toContain('invoice: 1 change made, 3 values moved, no value waits.');
        expect(github.state().comments[1]).toEqual({
          id: 2,
          issue: 1,
          body: '<!-- pipeline contracts apply -->\n## Contracts applied\n\n- invoice: 1 change made, 3 values moved, no value waits.\n  - `+ discount NUMERIC`',
        });
        const [row] = await pipeline.query(
          `SELECT CAST(discount AS STRING) AS discount, _overflow FROM prod_events_dataset.invoice WHERE n = 3`,
        );
        expect(row).toEqual({ discount: '1.5', _overflow: null });
        const checked = await runPipeline(
          pipeline.cloud,
          ...['contracts', 'check', join(github.clone, 'contracts', 'invoice.odcs.yaml'), '--json'],
        );
        expect([checked.exitCode, JSON.parse(checked.stdout)]).toMatchObject([
          1,
          [{ path: 'n', rule: { kind: 'minimum', limit: '2' }, violations: 2 }],
        ]);
      },
      LIMIT_MS,
    );

    it(
      'a column that was added by hand becomes a proposal, after which file and table agree',
      async () => {
        await pipeline.query(`ALTER TABLE prod_events_dataset.invoice ADD COLUMN by_hand STRING`);

        expect((await inGit('propose', '--pull-requests')).stdout).toBe(
          'contracts/invoice: pushed. https://github.example/o/r/pull/2\n',
        );
        expect((await mergeAndApply()).stdout).toContain('0 changes made');
        const compared = await runPipeline(
          pipeline.cloud,
          ...['contracts', 'diff', '--dir', join(github.clone, 'contracts')],
        );
        expect(compared.exitCode).toBe(0);
      },
      LIMIT_MS,
    );

    it(
      'a change that a person rejects is not proposed any more',
      async () => {
        await store({ event_type: 'invoice', n: 8, debug: 'x' }, 'invoice');
        expect((await inGit('propose', '--push')).stdout).toBe('contracts/invoice: pushed.\n');
        await runPipeline(pipeline.cloud, 'reject', 'invoice', '/debug', '--reason', 'debug output');

        expect((await inGit('propose', '--push')).stdout).toBe(
          'contracts/invoice: nothing is left to propose; the branch was deleted.\n',
        );
        expect(github.branches()).toEqual(['main']);
        expect((await inGit('propose', '--push')).stdout).toBe('Nothing to propose.\n');
      },
      LIMIT_MS,
    );
  });
});

describe('notices of a contract', () => {
  let reader: NoticeReader;

  beforeAll(async () => {
    reader = await NoticeReader.start(pipeline);
    await store({ event_type: 'crate', n: 0 }, 'crate');
    await pipeline.labelTable('crate', { pipeline_new_columns: 'approve' });
  }, LIMIT_MS);

  afterAll(() => reader.stop());

  /** The notices of `crate` whose items have this path: type and id, copies included. */
  function about(path: string): readonly string[] {
    const found = reader
      .about('crate')
      .filter(({ data }) => data.items.some((item) => item['path'] === path));
    return found.map(({ type, id }) => `${type} ${id}`);
  }

  /** Runs the notifier until notices of a path have arrived. */
  async function runUntil(path: string, count: number): Promise<void> {
    await eventually(async () => {
      expect((await fetch(`${url}/notices`, { method: 'POST' })).status).toBe(200);
      expect(about(path).length).toBeGreaterThanOrEqual(count);
    }, LIMIT_MS);
  }

  it(
    'say that a change waits, that it was decided, and that the table changed: each once',
    async () => {
      await store({ event_type: 'crate', n: 1, fragile: true }, 'crate');
      await runUntil('/fragile', 1);
      const approved = await runPipeline(pipeline.cloud, 'approve', 'crate', '/fragile');
      expect(approved.exitCode).toBe(0);
      await runUntil('/fragile', 2);
      await runUntil('fragile', 1);
      await fetch(`${url}/notices`, { method: 'POST' });
      await fetch(`${url}/notices`, { method: 'POST' });

      const types = [...about('/fragile'), ...about('fragile')].map((text) => text.split(' ')[0]);
      expect(types).toEqual(['approval.pending', 'approval.decided', 'schema.changed']);
      const ids = reader.about('crate').map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    },
    LIMIT_MS,
  );

  it(
    'are published again with the same id if the service was killed before it could mark them',
    async () => {
      const holder = await MarkHolder.start(pipeline.cloud.urls.bigquery);
      const doomed = await pipeline.startTableManager(await freePort(), {
        NOTICE_PAUSE_SECONDS: '0',
        BIGQUERY_EMULATOR_HOST: holder.url,
      });
      await store({ event_type: 'crate', n: 2, weight: 1 }, 'crate');
      const call = fetch(`${doomed.url}/notices`, { method: 'POST' }).catch(() => null);
      await holder.held;
      await doomed.kill('SIGKILL');
      await call;
      holder.stop();
      await store({ event_type: 'crate', n: 3, height: 2 }, 'crate');
      await runUntil('/weight', 2);
      await runUntil('/height', 1);

      const [first, ...copies] = about('/weight');
      expect(copies).toEqual([first]);
      expect(about('/height')).toHaveLength(1);
      expect(about('/height')).not.toEqual([first]);
    },
    LIMIT_MS,
  );
});
