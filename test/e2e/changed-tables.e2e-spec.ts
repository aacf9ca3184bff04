import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { DEFAULT_PIPELINE_NAMES } from '@pipeline/local-cloud';
import { freePort } from '../harness/ports.js';
import { runPipeline } from './command-line.js';
import { publishDeadLetters } from './dead-letters.js';
import { eventually } from './eventually.js';
import { Pipeline } from './pipeline.js';
import type { Service } from './service.js';

const { dataset, archiveDataset } = DEFAULT_PIPELINE_NAMES;

interface AuditAnswer {
  readonly status: number;
  readonly body: {
    readonly replayed?: number;
    readonly totals?: Readonly<Record<string, number>>;
    readonly unaccounted?: readonly { readonly messageId: string }[];
    readonly error?: { readonly code: string };
  };
}

/** Dead letters of one test, by what has become of their table since they died. */
interface Dead {
  /** Its table is named after its event type. */
  readonly changedTable: string;
  /** The table was made after these died. */
  readonly changed: readonly string[];
  /** No event, and older than `changed`, of the same table: they would be dead letters again. */
  readonly hopeless: readonly string[];
  readonly calmTable: string;
  /** The table was made before these died, and has rested since. */
  readonly calm: readonly string[];
}

describe('dead letters whose table has changed since', () => {
  let pipeline: Pipeline;
  let tests = 0;

  beforeAll(async () => {
    pipeline = await Pipeline.start();
    await pipeline.startTableManager();
  }, 300_000);

  afterAll(() => pipeline.stop());

  // Whatever a test leaves dead would be replayed by the next.
  beforeEach(() => pipeline.query(`DELETE FROM \`${dataset}._dead_letters\` WHERE TRUE`));

  async function tableManager(settings: Record<string, string>): Promise<Service> {
    return pipeline.startTableManager(await freePort(), settings);
  }

  async function audit(
    { url }: Service,
    body: object = { since: '30m', ledger: false },
  ): Promise<AuditAnswer> {
    const response = await fetch(`${url}/audit`, { method: 'POST', body: JSON.stringify(body) });
    return { status: response.status, body: (await response.json()) as AuditAnswer['body'] };
  }

  async function aDay(good: number): Promise<Dead> {
    tests += 1;
    const [calmTable, changedTable] = [`calm${tests}`, `changed${tests}`];
    const die = (eventType: string, data: readonly string[]): Promise<string[]> =>
      publishDeadLetters(pipeline, { table: eventType, eventType, data });
    const events = (eventType: string, count: number): string[] =>
      Array.from({ length: count }, (_, n) => JSON.stringify({ event_type: eventType, n }));
    await changeTable(calmTable);
    const hopeless = await die(changedTable, ['no event', 'none either', 'nor this']);
    await letters(3);
    const calm = await die(calmTable, events(calmTable, 2));
    const changed = await die(changedTable, events(changedTable, good));
    await letters(5 + good);
    await changeTable(changedTable);
    return { changedTable, changed, hopeless, calmTable, calm };
  }

  /** An event creates the table, and the history records it. */
  async function changeTable(table: string): Promise<void> {
    await pipeline.publish({ event_type: table, n: 0 });
    await eventually(async () => {
      const rows = await pipeline.query(
        `SELECT version FROM \`${dataset}._schema_history\` WHERE table_name = @table AND kind = 'CREATE_TABLE'`,
        { table },
      );
      expect(rows).toHaveLength(1);
      expect(await pipeline.messageIds(table)).toEqual(expect.objectContaining({ size: 1 }));
    });
  }

  async function letters(count: number): Promise<void> {
    await eventually(async () => {
      const rows = await pipeline.query<{ n: number }>(
        `SELECT COUNT(*) AS n FROM \`${dataset}._dead_letters\``,
      );
      expect(rows).toEqual([{ n: count }]);
    });
  }

  /** Returns the ids of dead letters that have a row now. */
  async function risen({ changedTable, changed, calmTable, calm }: Dead): Promise<string[]> {
    const ids = new Set([
      ...(await pipeline.messageIds(changedTable)),
      ...(await pipeline.messageIds(calmTable)),
    ]);
    return [...changed, ...calm].filter((id) => ids.has(id));
  }

  describe('are replayed by POST /audit', () => {
    it('none of them where AUTO_REPLAY_LIMIT is not set', async () => {
      const service = await tableManager({});
      const dead = await aDay(3);

      const { status, body } = await audit(service);
      const dryRun = await runPipeline(pipeline.cloud, 'replay', '--changed', '--dry-run', '--json');

      expect({ status, replayed: body.replayed }).toEqual({ status: 200, replayed: 0 });
      // They could have been.
      expect(JSON.parse(dryRun.stdout)).toMatchObject({ wouldPublish: 3 });
      expect(await risen(dead)).toEqual([]);
    }, 300_000);

    it('at most AUTO_REPLAY_LIMIT, the oldest first, until every one is a row', async () => {
      const service = await tableManager({ AUTO_REPLAY_LIMIT: '2' });
      const dead = await aDay(5);
      const [first, second] = await oldest(dead);

      const one = await audit(service);
      await eventually(async () => {
        expect((await risen(dead)).sort()).toEqual([first, second].sort());
      });
      const two = await audit(service);
      await eventually(async () => {
        expect(await risen(dead)).toHaveLength(4);
      });
      const three = await audit(service);
      await eventually(async () => {
        expect(await risen(dead)).toEqual(dead.changed);
      });
      const four = await audit(service);

      expect([one, two, three, four].map(({ body }) => body.replayed)).toEqual([2, 2, 1, 0]);
      const rows = await pipeline.query<{ n: number }>(
        `SELECT COUNT(*) AS n FROM \`${dataset}.${dead.changedTable}\``,
      );
      expect(rows).toEqual([{ n: dead.changed.length + 1 }]);
      expect(await risen(dead)).toEqual(dead.changed);
    }, 300_000);

    it('and the books balance: a row each, and what was left alone is still dead', async () => {
      const service = await tableManager({ AUTO_REPLAY_LIMIT: '100' });
      const before = (await audit(service)).body.totals ?? {};
      const dead = await aDay(4);

      expect((await audit(service)).body.replayed).toBe(4);
      await eventually(async () => {
        expect(await risen(dead)).toEqual(dead.changed);
        const { totals } = (await audit(service)).body;
        expect(totals).toEqual({
          // Four have risen, and two events made the tables.
          received: (before['received'] ?? 0) + 4 + 2 + dead.calm.length + dead.hopeless.length,
          rows: (before['rows'] ?? 0) + 4 + 2,
          deadLetters: dead.calm.length + dead.hopeless.length,
          dismissed: 0,
          quarantined: 0,
          inProgress: before['inProgress'],
          unaccounted: 0,
          duplicates: 0,
          unarchived: 0,
          mistimed: 0,
        });
      });
    }, 300_000);

    it('or the answer is 503 where the replay topic is missing, and the service lives on', async () => {
      const service = await tableManager({ AUTO_REPLAY_LIMIT: '100', REPLAY_TOPIC: 'nowhere' });
      const dead = await aDay(4);

      const { status, body } = await audit(service);

      expect({ status, code: body.error?.code }).toEqual({ status: 503, code: 'TOPIC_NOT_FOUND' });
      expect((await fetch(`${service.url}/liveness`)).status).toBe(200);
      expect(service.output()).toContain('the books balance');
      expect(await risen(dead)).toEqual([]);
    }, 300_000);
  });

  it('are what `replay --changed` takes, and no others', async () => {
    const dead = await aDay(3);

    const replayed = await runPipeline(pipeline.cloud, 'replay', '--changed', '--json');
    await eventually(async () => {
      expect(await risen(dead)).toEqual(dead.changed);
    });
    const again = await runPipeline(pipeline.cloud, 'replay', '--changed', '--table', dead.calmTable);
    const rest = await runPipeline(pipeline.cloud, 'replay', '--table', dead.calmTable);
    await eventually(async () => {
      expect(await risen(dead)).toEqual([...dead.changed, ...dead.calm]);
    });

    expect(replayed.exitCode).toBe(1);
    expect(JSON.parse(replayed.stdout)).toMatchObject({ published: 3, hopeless: 3, refused: 0 });
    expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Nothing to replay') });
    expect(rest).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('2 replayed') });
  }, 300_000);

  it('have no table in the archive: --unaccounted --changed is a wrong argument', async () => {
    const refused = await runPipeline(pipeline.cloud, 'replay', '--unaccounted', '--changed');

    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--changed') });
  });

  it('and messages that are nowhere are the metric and the log line of the last audit', async () => {
    const service = await tableManager({});
    const messageId = `lost-${randomUUID()}`;
    const metrics = async (): Promise<string[]> =>
      (await (await fetch(`${service.url}/metrics`)).text())
        .split('\n')
        .filter((line) => line.startsWith('pipeline_unaccounted_events'));
    const before = await metrics();
    await pipeline.query(
      `INSERT INTO \`${archiveDataset}._raw_events\` (subscription_name, message_id, publish_time, data, attributes)
VALUES ('s', @messageId, TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 2 HOUR), b'{}', JSON '{}')`,
      { messageId },
    );

    const { body } = await audit(service, { since: '3h', until: '1h', ledger: false });
    const holed = await metrics();
    await audit(service, { since: '1h', ledger: false });

    expect(before).toEqual([]);
    expect(body.unaccounted).toEqual([{ messageId, publishedAt: expect.any(String) }]);
    expect(holed).toEqual(['pipeline_unaccounted_events 1']);
    expect(service.output()).toMatch(/"unaccounted":1,.*"the books do not balance"/);
    expect(await metrics()).toEqual(['pipeline_unaccounted_events 0']);
  }, 300_000);

  /** Dead letters that a change may have made rows of, as the archive of dead letters has them in time. */
  async function oldest({ changed }: Dead): Promise<string[]> {
    const rows = await pipeline.query<{ id: string }>(
      `SELECT JSON_VALUE(data, '$.message_id') AS id FROM \`${dataset}._dead_letters\`
WHERE JSON_VALUE(data, '$.message_id') IN UNNEST(@changed) ORDER BY publish_time, id`,
      { changed },
    );
    return rows.map(({ id }) => id);
  }
});
