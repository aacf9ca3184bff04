import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_PIPELINE_NAMES } from '@pipeline/local-cloud';
import { runPipeline, startPipeline, type CommandResult } from './command-line.js';
import { eventually } from './eventually.js';
import { Pipeline } from './pipeline.js';
import type { Service } from './service.js';

const { dataset, projectId } = DEFAULT_PIPELINE_NAMES;
const LIMIT_MS = 300_000;

describe('the way back of a quarantined message', () => {
  let pipeline: Pipeline;
  let service: Service;

  beforeAll(async () => {
    pipeline = await Pipeline.start();
  }, LIMIT_MS);

  afterAll(() => pipeline.stop());

  /** The totals of the last hour, and the exit code of the audit. */
  async function books(): Promise<Record<string, unknown>> {
    const { exitCode, stdout } = await runPipeline(pipeline.cloud, 'audit', '--since', '1h', '--json');
    const { totals } = JSON.parse(stdout) as { totals: Record<string, unknown> };
    const { received, rows, deadLetters, quarantined, unaccounted, duplicates } = totals;
    return { exitCode, received, rows, deadLetters, quarantined, unaccounted, duplicates };
  }

  async function removeLabel(): Promise<void> {
    const url = `${pipeline.cloud.urls.bigquery}/bigquery/v2/projects/${projectId}/datasets/${dataset}/tables/_quarantine`;
    const response = await fetch(url, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ labels: { pipeline_table_guard: null } }),
    });
    expect(response.status).toBe(200);
  }

  it(
    'is a replay once the limit was raised and the label removed, and the books balance all along',
    async () => {
      const guarded = await pipeline.startTableManager(undefined, { MAX_NEW_TABLES_PER_HOUR: '1' });
      await pipeline.publish({ event_type: 'known', n: 1 });
      await eventually(() => pipeline.messageIds('known'));
      const big = 'x'.repeat(9_100_000);
      const wanted = [
        await pipeline.publish({ event_type: 'wanted', n: 1 }, { source: 'shop' }),
        await pipeline.publish({ event_type: 'wanted', n: 2, big }),
      ];
      const other = await pipeline.publish({ event_type: 'other', n: 3 });
      const before = { exitCode: 0, received: 4, deadLetters: 0, unaccounted: 0, duplicates: 0 };
      await eventually(async () => {
        expect(await books()).toEqual({ ...before, rows: 1, quarantined: 3 });
      });

      await guarded.kill('SIGTERM');
      await removeLabel();
      service = await pipeline.startTableManager();
      const select = ['replay', '--quarantined', '--event-type', 'wanted', '--json'] as const;
      const dryRun = await runPipeline(pipeline.cloud, ...select, '--dry-run');
      expect(JSON.parse(dryRun.stdout)).toMatchObject({ wouldPublish: 2, published: 0 });
      expect(await books()).toEqual({ ...before, rows: 1, quarantined: 3 });
      const replayed = await runPipeline(pipeline.cloud, ...select);
      expect(JSON.parse(replayed.stdout)).toMatchObject({ published: 2 });

      await eventually(async () => {
        expect(await books()).toEqual({ ...before, rows: 3, quarantined: 1 });
      });
      expect(await pipeline.messageIds('wanted')).toEqual(new Set(wanted));
      const [first = ''] = wanted;
      const { n, _attributes } = await pipeline.row('wanted', first);
      expect(n).toBe(1);
      expect(JSON.parse(String(_attributes))).toMatchObject({ source: 'shop', pipeline_replay_of: first });
      const again = await runPipeline(pipeline.cloud, ...select);
      expect(JSON.parse(again.stdout)).toMatchObject({ published: 0 });
      const rest = await runPipeline(pipeline.cloud, 'replay', '--quarantined', '--json');
      expect(JSON.parse(rest.stdout)).toMatchObject({ published: 1 });
      await eventually(async () => {
        expect(await pipeline.messageIds('other')).toEqual(new Set([other]));
        expect(await books()).toEqual({ ...before, rows: 4, quarantined: 0 });
      });
    },
    LIMIT_MS,
  );

  it(
    'refuses options that belong to dead letters',
    async () => {
      const { exitCode, stderr } = await runPipeline(pipeline.cloud, 'replay', '--quarantined', '--changed');

      expect(exitCode).toBe(2);
      expect(stderr).toContain('--quarantined goes with none of');
    },
    LIMIT_MS,
  );

  describe('contracts about new event types', () => {
    let types: string;

    function command(...words: readonly string[]): Promise<CommandResult> {
      return runPipeline(pipeline.cloud, ...words);
    }

    /** Applies a verb, and restarts the service, which else sees it within a minute. */
    async function applyVerb(verb: string): Promise<CommandResult> {
      writeFileSync(join(types, 'dataset.odcs.yaml'), datasetContract(verb));
      const applied = await command('contracts', 'apply', '--dir', types);
      await service.kill('SIGTERM');
      service = await pipeline.startTableManager();
      return applied;
    }

    /** The totals of the books; their equation must hold. */
    async function books(): Promise<Readonly<Record<string, number>>> {
      const { stdout } = await command('audit', '--since', '1h', '--in-progress-seconds', '0', '--json');
      const { totals } = JSON.parse(stdout) as { totals: Readonly<Record<string, number>> };
      const { received = 0, rows = 0, deadLetters = 0, quarantined = 0, unaccounted = 0 } = totals;
      expect(rows + deadLetters + quarantined + unaccounted).toBe(received);
      return { deadLetters, quarantined, unaccounted };
    }

    async function publish(events: readonly object[], attributes = {}): Promise<readonly string[]> {
      return Promise.all(events.map((event) => pipeline.publish({ ...event }, attributes)));
    }

    async function rowsOf(table: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
      return pipeline.query(`SELECT * FROM prod_events_dataset.${table} ORDER BY n`);
    }

    beforeAll(() => {
      types = mkdtempSync(join(tmpdir(), 'types-'));
    });

    afterAll(() => {
      rmSync(types, { recursive: true, force: true });
    });

    it(
      'keep whole events of an unapproved type until a person approves it, and two approvers at once make one table',
      async () => {
        const applied = await applyVerb('approve');
        expect([applied.exitCode, applied.stdout.split('\n').slice(1)]).toEqual([
          0,
          ['  ! dataset: pipeline.newTypes evolve → approve', 'dataset: 1 change made.', ''],
        ]);
        expect((await command('contracts', 'apply', '--dir', types)).stdout).toBe(
          'dataset: nothing to do.\ndataset: 0 changes made.\n',
        );

        const sample = join(types, 'sample.ndjson');
        writeFileSync(sample, '{"event_type":"invoice.created","n":1}\n{"event_type":"known","n":2}\n');
        const planned = await command('plan', sample, '--json');
        expect([planned.exitCode, JSON.parse(planned.stdout)]).toMatchObject([
          1,
          {
            tables: [
              { table: 'invoice_created', action: 'create', held: 'AWAITING_APPROVAL' },
              { table: 'known', action: 'unchanged' },
            ],
          },
        ]);
        expect((await command('plan', sample)).stdout).toContain(
          '! invoice_created: would not be made by 1 event',
        );

        const event = { event_type: 'invoice.created', total: 12.5, to: 'ada@example.org' };
        const ids = await publish(
          [1, 2, 3].map((n) => ({ ...event, n })),
          { source: 'shop' },
        );
        await publish([{ event_type: 'loose.end', n: 1 }]);
        const known = await pipeline.publish({ event_type: 'known', n: 100 });
        await eventually(() => pipeline.row('known', known), LIMIT_MS);
        await eventually(async () => {
          expect(await books()).toEqual({ deadLetters: 0, quarantined: 4, unaccounted: 0 });
        }, LIMIT_MS);

        const entry = { table: 'invoice_created', kind: 'type', eventType: 'invoice.created', values: 3 };
        const pending = await command('contracts', 'pending', 'invoice.created', '--json');
        expect([pending.exitCode, JSON.parse(pending.stdout)]).toMatchObject([
          1,
          {
            total: 1,
            approvals: [
              {
                ...entry,
                sample: '{"event_type":"xxxxxxx.xxxxxxx","total":99.9,"to":"xxx@xxxxxxx.xxx","n":9}',
                warnings: ['EMAIL'],
              },
            ],
          },
        ]);
        const listed = (await (await fetch(`${service.url}/contracts/pending?fresh=true`)).json()) as {
          approvals: object[];
        };
        expect(listed.approvals.slice(0, 2)).toMatchObject([entry, { table: 'loose_end', values: 1 }]);

        const rejected = await command('reject', 'invoice.created', '--reason', 'not yet');
        expect([rejected.exitCode, rejected.stdout]).toMatchObject([
          0,
          expect.stringMatching(/^invoice.created is rejected: 3 events stay whole where they are/),
        ]);
        expect((await command('contracts', 'pending')).stdout).not.toContain('invoice.created');
        expect((await books())['quarantined']).toBe(4);

        const approvals = await Promise.all(
          [1, 2].map(() => command('approve', 'invoice.created', '--reason', 'finance')),
        );
        expect(approvals.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
        const texts = approvals.map(({ stdout }) => stdout);
        expect(texts.filter((text) => text.includes('was created'))).toHaveLength(1);
        for (const text of texts) expect(text).toMatch(/none is left\.\nBefore: rejected .* because not yet/);
        const rows = await pipeline.query<{ _message_id: string }>(
          'SELECT * FROM prod_events_dataset.invoice_created_unique ORDER BY n',
        );
        expect(rows.map(({ _message_id }) => _message_id).sort()).toEqual([...ids].sort());
        expect(rows[2]).toMatchObject({ n: 3, to: 'ada@example.org', _overflow: null });
        expect(Number((rows[2] as Record<string, unknown> | undefined)?.['total'])).toBe(12.5);
        expect(
          JSON.parse(String((rows[0] as Record<string, unknown> | undefined)?.['_attributes'])),
        ).toMatchObject({
          source: 'shop',
        });
        expect(await books()).toEqual({ deadLetters: 0, quarantined: 1, unaccounted: 0 });

        const exists = await command('reject', 'invoice.created', '--reason', 'too late');
        expect([exists.exitCode, exists.stdout]).toMatchObject([
          1,
          expect.stringMatching(
            /^The table invoice_created exists, .*nothing was deleted\.\nBefore: approved/,
          ),
        ]);
        expect((await command('approve', 'no.such.type')).exitCode).toBe(2);
      },
      LIMIT_MS,
    );

    it(
      'go on with an approval that was killed after the table was made',
      async () => {
        const killed = startPipeline(pipeline.cloud, 'approve', 'loose.end');
        await eventually(async () => {
          expect(await pipeline.tables.read('loose_end')).not.toBeNull();
        }, LIMIT_MS);
        killed.process.kill('SIGKILL');
        await killed.result;

        const again = await command('approve', 'loose.end');
        expect([again.exitCode, again.stdout]).toMatchObject([
          0,
          expect.stringMatching(/^Approved: loose.end\. The table loose_end exists\. .* none is left\./),
        ]);
        expect(await rowsOf('loose_end')).toMatchObject([{ n: 1 }]);
        expect(await books()).toEqual({ deadLetters: 0, quarantined: 0, unaccounted: 0 });
      },
      LIMIT_MS,
    );

    it(
      'make dead letters of types that are not allowed, and rows of them once a contract is applied for their table',
      async () => {
        await publish([{ event_type: 'waits', n: 1 }]);
        await eventually(async () => {
          expect(await books()).toEqual({ deadLetters: 0, quarantined: 1, unaccounted: 0 });
        }, LIMIT_MS);
        expect((await applyVerb('reject')).exitCode).toBe(0);
        await publish([{ event_type: 'trial', n: 1, more: 'x' }]);
        await eventually(async () => {
          expect(await books()).toEqual({ deadLetters: 1, quarantined: 1, unaccounted: 0 });
        }, LIMIT_MS);
        const letters = await command('dead-letters', 'groups', '--json');
        expect(letters.stdout).toContain('"TYPE_NOT_ALLOWED"');

        const file = join(types, 'trial.odcs.yaml');
        writeFileSync(file, TRIAL);
        const applied = await command('contracts', 'apply', file);
        expect([applied.exitCode, applied.stdout]).toMatchObject([
          0,
          expect.stringMatching(/ {2}\+ table\n[^]* {2}\+ n INT64\n[^]* 1 event replayed, none is left\.\n$/),
        ]);
        const [row] = await rowsOf('trial');
        expect(row).toMatchObject({ n: 1, _overflow: expect.stringContaining('AWAITING_APPROVAL') });
        expect(await books()).toEqual({ deadLetters: 0, quarantined: 1, unaccounted: 0 });
      },
      LIMIT_MS,
    );

    it(
      'replay every event that waits once new types evolve again',
      async () => {
        const applied = await applyVerb('evolve');

        expect([applied.exitCode, applied.stdout]).toMatchObject([
          0,
          expect.stringContaining('dataset: 1 change made. 1 event replayed, none is left.'),
        ]);
        expect(await rowsOf('waits')).toMatchObject([{ n: 1 }]);
        expect(await books()).toEqual({ deadLetters: 0, quarantined: 0, unaccounted: 0 });
        expect((await command('contracts', 'pending', '--json')).stdout).not.toContain('"type": "type"');
      },
      LIMIT_MS,
    );
  });
});

const HEAD = 'apiVersion: v3.1.0\nkind: DataContract\nid: x\nversion: "1.0.0"\nstatus: active\n';

const TRIAL = `${HEAD}schema:
  - name: trial
    physicalType: table
    customProperties:
      - property: pipeline.newColumns
        value: approve
    properties:
      - name: event_type
        physicalType: STRING
      - name: n
        physicalType: INT64
`;

function datasetContract(verb: string): string {
  return `${HEAD}customProperties:\n  - property: pipeline.newTypes\n    value: ${verb}\n`;
}
