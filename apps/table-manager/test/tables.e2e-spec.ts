import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Harness, push } from './harness.js';

let harness: Harness;
let url: string;

beforeAll(async () => {
  harness = await Harness.start();
  url = await harness.startInstance();
});

afterAll(async () => {
  await harness.stop();
});

const order = {
  event_type: 'order',
  order_id: 'o-1',
  event_date: '2026-11-22',
  order_date: '2026-11-22T10:00:00Z',
  total_amount: 99.95,
  paid: true,
  customer: { id: 'c-1' },
  items: [
    { sku: 'a', quantity: 2 },
    { sku: 'b', quantity: 1 },
  ],
};

function typesOf(fields: unknown, prefix = ''): Readonly<Record<string, string>> {
  const list = fields as readonly { name: string; type: string; mode?: string; fields?: unknown }[];
  return Object.assign(
    {},
    ...list.map(({ name, type, mode, fields: children }) => ({
      [`${prefix}${name}`]: mode === 'REPEATED' ? `${type}[]` : type,
      ...(children === undefined ? {} : typesOf(children, `${prefix}${name}.`)),
    })),
  ) as Readonly<Record<string, string>>;
}

async function columns(table: string): Promise<Readonly<Record<string, string>>> {
  const { schema } = (await harness.metadata(table)) as { schema: { fields: unknown } };
  return typesOf(schema.fields);
}

describe('an event of a new type', () => {
  it('makes a typed table, partitioned, clustered and labelled, with the pipeline’s columns first', async () => {
    const messageId = await harness.deliver(url, order, { source: 'shop' });
    const metadata = await harness.metadata('orders');
    const types = await columns('orders');

    expect(Object.keys(types).slice(0, 7)).toEqual([
      '_message_id',
      '_publish_time',
      '_event_type',
      '_ingest_time',
      '_attributes',
      '_overflow',
      '_revision',
    ]);
    expect(types).toMatchObject({
      order_id: 'STRING',
      event_date: 'DATE',
      order_date: 'TIMESTAMP',
      total_amount: 'NUMERIC',
      paid: 'BOOLEAN',
      customer: 'RECORD',
      'customer.id': 'STRING',
      items: 'RECORD[]',
      'items.sku': 'STRING',
      'items.quantity': 'INTEGER',
    });
    expect(metadata).toMatchObject({
      timePartitioning: { type: 'DAY', field: '_publish_time' },
      clustering: { fields: ['event_date'] },
      labels: { managed_by: 'pipeline' },
    });
    const row = await harness.row('orders', messageId);
    expect(row).toMatchObject({ order_id: 'o-1', paid: true, _event_type: 'order', _overflow: null });
    expect(row['_attributes']).toBe('{"source":"shop"}');
    expect(Number(row['total_amount'])).toBe(99.95);
  });
});

describe('an event with something new', () => {
  it('makes a column of a new top-level field, a nested one and one inside items; earlier rows stay', async () => {
    const type = { event_type: 'grown' };
    const first = await harness.deliver(url, { ...order, ...type });
    const before = await harness.row('grown', first);
    const second = await harness.deliver(url, {
      ...order,
      ...type,
      coupon: 'x',
      customer: { id: 'c-1', tier: 3 },
      items: [{ sku: 'a', quantity: 2, gift: true }],
    });

    expect(await columns('grown')).toMatchObject({
      coupon: 'STRING',
      'customer.tier': 'INTEGER',
      'items.gift': 'BOOLEAN',
    });
    expect(await harness.row('grown', second)).toMatchObject({
      coupon: 'x',
      customer: { id: 'c-1', tier: 3 },
      items: [{ sku: 'a', quantity: 2, gift: true }],
      _overflow: null,
    });
    expect(await harness.row('grown', first)).toMatchObject({
      order_id: before['order_id'],
      coupon: null,
      customer: { id: 'c-1', tier: null },
      items: [
        { sku: 'a', quantity: 2, gift: null },
        { sku: 'b', quantity: 1, gift: null },
      ],
    });
  });

  it('keeps a value of another kind in the overflow, with its reason', async () => {
    await harness.deliver(url, { event_type: 'conflict', n: 1 });
    const messageId = await harness.deliver(url, { event_type: 'conflict', n: 'seven' });
    const row = await harness.row('conflict', messageId);

    expect(row['n']).toBeNull();
    expect(JSON.parse(String(row['_overflow']))).toEqual({
      '/n': { reason: 'TYPE_CONFLICT', value: 'seven' },
    });
  });

  it('keeps what looks like a placeholder, in values and in names', async () => {
    const messageId = await harness.deliver(url, {
      event_type: 'placeholder',
      '{{projectId}}': '{{projectId}}',
    });

    expect(await harness.row('placeholder', messageId)).toMatchObject({
      __projectId__: '{{projectId}}',
    });
    expect(JSON.stringify(await harness.metadata('placeholder'))).toContain('{{projectId}}');
  });

  it('widens a column for a number that it does not hold, and earlier rows keep theirs', async () => {
    const first = await harness.deliver(url, { event_type: 'widened', n: 7 });
    const second = await harness.deliver(url, { event_type: 'widened', n: 7.5 });

    expect(await columns('widened')).toMatchObject({ n: 'NUMERIC' });
    expect(Number((await harness.row('widened', first))['n'])).toBe(7);
    expect(Number((await harness.row('widened', second))['n'])).toBe(7.5);
  });

  it('widens inside a record and adds a column for one event, and overflows what cannot widen in place', async () => {
    const first = { event_type: 'nested', r: { n: 1, s: 'x' }, items: [{ n: 1 }] };
    const firstId = await harness.deliver(url, first);
    const second = { event_type: 'nested', r: { n: 1.5, s: 'y', more: true }, items: [{ n: 2.5 }] };
    const secondId = await harness.deliver(url, second);
    const rows = await Promise.all([firstId, secondId].map((id) => harness.row('nested', id)));

    expect(await columns('nested')).toMatchObject({
      'r.n': 'NUMERIC',
      'r.more': 'BOOLEAN',
      'items.n': 'INTEGER',
    });
    expect(rows.map((row) => Number((row['r'] as { n: unknown }).n))).toEqual([1, 1.5]);
    expect(rows[1]).toMatchObject({ r: { s: 'y', more: true }, items: [{ n: null }] });
    expect(JSON.parse(String(rows[1]?.['_overflow']))).toEqual({
      '/items/0/n': { reason: 'NOT_WIDENABLE', value: 2.5 },
    });
  });

  it('adopts a column that was added by hand', async () => {
    await harness.deliver(url, { event_type: 'adopted', a: 1 });
    const metadata = (await harness.metadata('adopted')) as { schema: { fields: object[] } };
    const fields = [...metadata.schema.fields, { name: 'b', type: 'STRING' }];
    await harness.bigquery
      .dataset('prod_events_dataset')
      .table('adopted')
      .setMetadata({ schema: { fields } });
    const messageId = await harness.deliver(url, { event_type: 'adopted', a: 2, b: '2026-11-22' });

    expect(await columns('adopted')).toMatchObject({ b: 'STRING' });
    expect(await harness.row('adopted', messageId)).toMatchObject({ b: '2026-11-22', _overflow: null });
  });

  it('makes a deleted table again and loses no later row', async () => {
    await harness.deliver(url, { event_type: 'deleted', a: 1, b: 2 });
    await harness.dropTable('deleted');
    const messageId = await harness.deliver(url, { event_type: 'deleted', a: 3 });

    expect(await columns('deleted')).toMatchObject({ a: 'INTEGER', b: 'INTEGER' });
    expect(await harness.row('deleted', messageId)).toMatchObject({ a: 3, b: null });
  });
});

describe('several instances', () => {
  it('make one table of a new type that both meet at once, and lose no row', async () => {
    const urls = [url, await harness.startInstance()];
    const ids = await Promise.all(
      Array.from({ length: 40 }, (_unused, index) =>
        harness.deliver(urls[index % 2] ?? url, { event_type: 'raced', [`f${index % 10}`]: index }),
      ),
    );
    const rows = await harness.rows('raced');

    expect(rows.map((row) => row['_message_id']).sort()).toEqual([...ids].sort());
    expect(rows.every((row) => row['_overflow'] === null)).toBe(true);
    expect(Object.keys(await columns('raced'))).toEqual(
      expect.arrayContaining(Array.from({ length: 10 }, (_unused, index) => `f${index}`)),
    );
  });
});

describe('GET /tables', () => {
  it('lists the tables in use and shows one as BigQuery has it', async () => {
    await harness.deliver(url, { event_type: 'listed', a: 1 });
    const list = (await (await fetch(`${url}/tables`)).json()) as { tables: readonly { table: string }[] };
    const one = (await (await fetch(`${url}/tables/listed`)).json()) as { columns: readonly object[] };

    expect(list.tables.at(-1)).toEqual({ table: 'listed', columns: 9, closed: false });
    expect(one.columns.at(-1)).toMatchObject({ path: 'a', type: 'INT64', mode: 'NULLABLE' });
    expect((await fetch(`${url}/tables/nowhere`)).status).toBe(404);
  });

  it('is described at /docs-json', async () => {
    const description = (await (await fetch(`${url}/docs-json`)).json()) as {
      paths: Record<string, Record<string, { summary?: string }>>;
    };
    expect(Object.keys(description.paths['/'] ?? {}).sort()).toEqual(['get', 'post']);
    expect(description.paths['/']?.['get']?.summary).toMatch(/^A page for people/);

    expect(Object.keys(description.paths)).toEqual(
      expect.arrayContaining(['/', '/tables', '/tables/{table}', '/readiness']),
    );
  });
});

describe('the description of the routes', () => {
  it('names the refusal 400 wherever a parameter or a body is read, but for events', async () => {
    const { paths } = (await (await fetch(`${url}/docs-json`)).json()) as {
      paths: Record<
        string,
        Record<string, { parameters?: unknown[]; requestBody?: unknown; responses: Record<string, unknown> }>
      >;
    };
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, ...operation })),
    );
    const readers = operations.filter(
      ({ name, parameters = [], requestBody }) =>
        name !== 'post /' && (parameters.length > 0 || requestBody !== undefined),
    );

    expect(readers.length).toBeGreaterThan(3);
    expect(readers.filter(({ responses }) => !('400' in responses)).map(({ name }) => name)).toEqual([]);
  });
});

describe('a delivery that comes twice', () => {
  it('is acknowledged twice and is one row in the unique view', async () => {
    // Pub/Sub delivers a message with its publish time, however often.
    const publishTime = new Date().toISOString();
    for (const attempt of [1, 2]) {
      expect(
        await push(url, 'twice', '{"event_type":"repeated"}', { attempt: String(attempt) }, publishTime),
      ).toMatchObject({ status: 204 });
    }

    expect(await harness.rowsOnceThere('repeated_unique')).toMatchObject([{ _message_id: 'twice' }]);
  });
});
