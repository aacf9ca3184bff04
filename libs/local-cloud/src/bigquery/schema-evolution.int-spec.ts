import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startBigqueryEmulator } from './index.js';
import { type RestCaller, restCaller } from './testing/rest-caller.builder.js';

type Emulator = Awaited<ReturnType<typeof startBigqueryEmulator>>;

/** Reproducible numbers in [0, 1); the seed is printed by a failing assertion. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly mode?: string;
  readonly fields?: Column[];
}

describe('rows under a schema that changes', () => {
  let directory: string;
  const running: Emulator[] = [];

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'evolution-'));
  });
  afterEach(async () => {
    for (const emulator of running.splice(0)) await emulator.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  async function start(dataDirectory?: string): Promise<RestCaller> {
    const emulator = await startBigqueryEmulator({
      host: '127.0.0.1',
      port: 0,
      log: () => undefined,
      ...(dataDirectory === undefined ? {} : { dataDirectory }),
    });
    running.push(emulator);
    return restCaller(emulator.port);
  }

  async function query(call: RestCaller, sql: string): Promise<unknown> {
    const reply = await call('POST', '/queries', { query: sql, useLegacySql: false });
    expect([reply.status, reply.body]).toEqual([200, expect.anything()]);
    const { rows = [] } = reply.body as { rows?: { f: { v: unknown }[] }[] };
    return rows.map(({ f }) => f.map(({ v }) => v));
  }

  const schemaOf = (columns: readonly Column[]): object => ({ schema: { fields: columns } });

  async function createTable(call: RestCaller, columns: readonly Column[]): Promise<void> {
    await call('POST', '/datasets', { datasetReference: { datasetId: 'd' } });
    const reply = await call('POST', '/datasets/d/tables', {
      tableReference: { tableId: 't' },
      ...schemaOf(columns),
    });
    expect(reply.status).toBe(200);
  }

  async function insert(call: RestCaller, row: object): Promise<void> {
    const reply = await call('POST', '/datasets/d/tables/t/insertAll', { rows: [{ json: row }] });
    expect(reply.body).toEqual({ kind: 'bigquery#tableDataInsertAllResponse' });
  }

  async function patch(call: RestCaller, columns: readonly Column[]): Promise<void> {
    const reply = await call('PATCH', '/datasets/d/tables/t', schemaOf(columns));
    expect(reply.status).toBe(200);
  }

  it.each([1, 2, 3])(
    'reads the same live and after a crash at any moment (seed %i)',
    async (seed) => {
      const random = randomOf(seed);
      const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
      const call = await start(join(directory, 'live'));
      const columns: Column[] = [
        { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
        { name: 'n', type: 'INTEGER' },
        { name: 'r', type: 'RECORD', fields: [{ name: 'x', type: 'STRING' }] },
        { name: 'l', type: 'RECORD', mode: 'REPEATED', fields: [{ name: 'x', type: 'STRING' }] },
      ];
      await createTable(call, columns);
      const expected = new Map<number, string | null>();
      let nType = 'INTEGER';
      let next = 0;
      const steps = {
        insert: async () => {
          const id = next++;
          const row: Record<string, unknown> = {
            id,
            n: id,
            r: { x: `r${id}` },
            l: [{ x: 'a' }, { x: `${id}` }],
          };
          for (const { name } of columns.slice(4)) if (random() < 0.5) row[name] = `v${id}`;
          await insert(call, row);
          expected.set(id, `r${id}`);
        },
        addColumn: async () => {
          columns.push({ name: `c${columns.length}`, type: 'STRING' });
          await patch(call, columns);
        },
        addNested: async () => {
          const { fields } = columns[pick([2, 3])] ?? {};
          fields?.push({ name: `f${fields.length}`, type: 'STRING' });
          await patch(call, columns);
        },
        widen: async () => {
          const wider = { INTEGER: 'NUMERIC', NUMERIC: 'BIGNUMERIC', BIGNUMERIC: 'BIGNUMERIC' }[nType] ?? '';
          await query(call, `ALTER TABLE d.t ALTER COLUMN n SET DATA TYPE ${wider}`);
          nType = wider;
          columns[1] = { name: 'n', type: wider };
        },
        update: async () => {
          const id = Math.floor(random() * (next + 1));
          await query(call, `UPDATE d.t SET r = STRUCT('u' AS x${restOf(columns[2])}) WHERE id = ${id}`);
          if (expected.has(id)) expected.set(id, 'u');
        },
        remove: async () => {
          const id = Math.floor(random() * (next + 1));
          await query(call, `DELETE FROM d.t WHERE id = ${id}`);
          expected.delete(id);
        },
      };
      const kinds = [...Object.values(steps), steps.insert, steps.insert, steps.addColumn];
      const sql = `SELECT id, n, r.x, (SELECT MAX(e.x) FROM UNNEST(l) AS e) FROM d.t ORDER BY id`;
      for (let step = 0; step < 40; step += 1) {
        await pick(kinds)();
        if (step % 4 !== 3) continue;
        const wanted = [...expected]
          .sort(([a], [b]) => a - b)
          .map(([id, x]) => [`${id}`, `${id}`, x, largest(id)]);
        expect({ seed, step, rows: await query(call, sql) }).toEqual({ seed, step, rows: wanted });
        const crashed = join(directory, `crashed-${step}`);
        cpSync(join(directory, 'live'), crashed, { recursive: true });
        const again = await start(crashed);
        expect({ seed, step, rows: await query(again, sql) }).toEqual({ seed, step, rows: wanted });
        const listed = (await again('GET', '/datasets/d/tables/t/data')).body as { totalRows: string };
        expect({ seed, step, total: listed.totalRows }).toEqual({ seed, step, total: `${wanted.length}` });
        await running.pop()?.stop();
      }
    },
    240_000,
  );

  it('shows every row that was inserted while its table is altered, queried and updated side by side', async () => {
    const call = await start();
    const columns: Column[] = [{ name: 'id', type: 'INTEGER' }];
    await createTable(call, columns);
    let inserted = 0;
    const writer = async (): Promise<void> => {
      for (let row = 0; row < 60; row += 1) {
        await insert(call, { id: row });
        inserted += 1;
      }
    };
    const alterer = async (): Promise<void> => {
      for (let round = 0; round < 20; round += 1) {
        columns.push({ name: `c${round}`, type: 'STRING' });
        await patch(call, columns);
      }
    };
    const updater = async (): Promise<void> => {
      for (let round = 0; round < 8; round += 1) await query(call, 'UPDATE d.t SET id = id WHERE TRUE');
    };
    const reader = async (): Promise<void> => {
      for (let round = 0; round < 20; round += 1) {
        const before = inserted;
        const [[count]] = (await query(call, 'SELECT COUNT(*), COUNT(DISTINCT id) FROM d.t')) as [[string]];
        expect(Number(count)).toBeGreaterThanOrEqual(before);
      }
    };

    await Promise.all([writer(), writer(), alterer(), updater(), reader(), reader()]);

    expect(await query(call, 'SELECT COUNT(*), COUNT(DISTINCT id) FROM d.t')).toEqual([['120', '60']]);
  }, 120_000);

  it('moves more rows than fit in memory into the table, in order', async () => {
    const call = await start();
    await createTable(call, [{ name: 'id', type: 'INTEGER' }]);
    for (let batch = 0; batch < 3; batch += 1) {
      const rows = Array.from({ length: 4_000 }, (_, row) => ({ json: { id: batch * 4_000 + row } }));
      await call('POST', '/datasets/d/tables/t/insertAll', { rows });
    }
    const page = (await call('GET', '/datasets/d/tables/t/data?startIndex=4990&maxResults=20')).body as {
      rows: { f: [{ v: string }] }[];
    };
    expect(page.rows.map(({ f: [{ v }] }) => Number(v))).toEqual(
      Array.from({ length: 20 }, (_, at) => 4_990 + at),
    );
    expect(await query(call, 'SELECT COUNT(*), MIN(id), MAX(id) FROM d.t')).toEqual([
      ['12000', '0', '11999'],
    ]);
  });

  it('replaces a table by a query over itself', async () => {
    const call = await start();
    await createTable(call, [{ name: 'id', type: 'INTEGER' }]);
    await insert(call, { id: 1 });
    await query(call, 'CREATE OR REPLACE TABLE d.t AS SELECT id, id + 1 AS next FROM d.t');
    await insert(call, { id: 5, next: 6 });
    expect(await query(call, 'SELECT id, next FROM d.t ORDER BY id')).toEqual([
      ['1', '2'],
      ['5', '6'],
    ]);
  });

  it('starts empty when a table is created again under its name, also after a crash', async () => {
    const call = await start(join(directory, 'live'));
    await createTable(call, [{ name: 'id', type: 'INTEGER' }]);
    await insert(call, { id: 1 });
    await call('DELETE', '/datasets/d/tables/t');
    await createTable(call, [{ name: 'id', type: 'INTEGER' }]);
    await insert(call, { id: 2 });
    cpSync(join(directory, 'live'), join(directory, 'crashed'), { recursive: true });
    for (const reader of [call, await start(join(directory, 'crashed'))])
      expect(await query(reader, 'SELECT id FROM d.t')).toEqual([['2']]);
  });
});

/** The larger of the two values that a row's array has. */
function largest(id: number): string {
  return `${id}` > 'a' ? `${id}` : 'a';
}

function restOf(record: Column | undefined): string {
  return (record?.fields ?? [])
    .slice(1)
    .map(({ name }) => `, CAST(NULL AS STRING) AS ${name}`)
    .join('');
}
