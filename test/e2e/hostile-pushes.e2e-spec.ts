import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listEventTables } from '@pipeline/books';
import { DEFAULT_PIPELINE_NAMES } from '@pipeline/local-cloud';
import { eventually } from './eventually.js';
import { hostilePushes, type HostilePush } from './hostile-pushes.js';
import { Pipeline } from './pipeline.js';
import type { Service } from './service.js';

/** Deliveries: FUZZ_PUSHES (2,000 unless set; the whole is 100,000), from a seed that is printed and FC_SEED repeats. */
const COUNT = Number(process.env['FUZZ_PUSHES'] ?? 2_000);
const SEED = Number(process.env['FC_SEED'] ?? Date.now() % 2_147_483_647);
const BATCH = 1_000;
const WIDTH = 40;
const LIMIT_MS = 120_000 + COUNT * 20;
const { dataset } = DEFAULT_PIPELINE_NAMES;
/** DESIGN §3 and §6: the closed set of reasons. */
const REASONS = [
  ...['ENVELOPE_INVALID', 'NOT_UTF8', 'TOO_DEEP', 'NOT_JSON', 'DUPLICATE_KEY', 'KEY_NOT_UNICODE'],
  ...['NOT_AN_OBJECT', 'EVENT_TYPE_MISSING', 'EVENT_TYPE_INVALID', 'TOO_LARGE', 'APPEND_REJECTED'],
];

let pipeline: Pipeline;
let tableManager: Service;

beforeAll(async () => {
  pipeline = await Pipeline.start();
  // A table that is changed for many at once may take a busy machine longer than the usual nine seconds.
  tableManager = await pipeline.startTableManager(undefined, { EVENT_DEADLINE_MS: '60000' });
}, 300_000);

afterAll(() => pipeline.stop());

/** @returns null when it was acknowledged, else the answer with all that is needed to send it again */
async function deliver({ headers, body }: HostilePush): Promise<string | null> {
  const { status, text } = await post(headers, body);
  return status === 204
    ? null
    : `${status} ${text} ${JSON.stringify(headers)} base64:${body.toString('base64')}`;
}

async function post(
  headers: HostilePush['headers'],
  body: Buffer,
): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(tableManager.url, { method: 'POST', headers, body });
    return { status: response.status, text: await response.text() };
  } catch (cause) {
    const said = tableManager.output().slice(-2_000);
    throw new Error(`table-manager did not answer; its last lines:\n${said}`, { cause });
  }
}

/** @returns what was not acknowledged */
async function deliverAll(pushes: readonly HostilePush[]): Promise<string[]> {
  const queue = pushes.slice();
  const refused: string[] = [];
  await Promise.all(
    Array.from({ length: WIDTH }, async () => {
      for (let push = queue.pop(); push !== undefined; push = queue.pop()) {
        const refusal = await deliver(push);
        if (refusal !== null) refused.push(refusal);
      }
    }),
  );
  return refused;
}

async function countOf(query: string): Promise<number> {
  const [row] = await pipeline.query<{ n: number }>(query);
  return row?.n ?? 0;
}

async function countRows(): Promise<number> {
  const tables = await listEventTables(pipeline.sql);
  const counts = await Promise.all(
    tables.map((table) => countOf(`SELECT COUNT(*) AS n FROM \`${dataset}.${table}\``)),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

describe(`${COUNT} random and mutated deliveries`, () => {
  it(
    'are all acknowledged, and each is a row or a dead letter with a reason',
    async () => {
      console.log(`FC_SEED=${SEED}`);
      for (let sent = 0; sent < COUNT; sent += BATCH) {
        const pushes = hostilePushes(Math.min(BATCH, COUNT - sent), SEED + sent, `fuzz-${sent}`);
        expect(await deliverAll(pushes)).toEqual([]);
      }

      const rows = await countRows();
      expect(rows).toBeGreaterThan(COUNT / 4);
      await eventually(async () => {
        const letters = await countOf(`SELECT COUNT(*) AS n FROM \`${dataset}.dead_letters\``);
        expect(letters).toBe(COUNT - rows);
      });
      const reasons = await pipeline.query<{ reason: string }>(
        `SELECT DISTINCT reason FROM \`${dataset}.dead_letters\``,
      );
      expect(reasons.map(({ reason }) => reason).filter((reason) => !REASONS.includes(reason))).toEqual([]);
      expect((await fetch(`${tableManager.url}/liveness`)).status).toBe(200);
      expect(tableManager.output()).not.toMatch(/unhandled rejection|uncaught exception|request failed/);
    },
    LIMIT_MS,
  );
});
