import { afterEach, describe, expect, it } from '@jest/globals';
import type { TableWriter } from '../../ports.js';
import { until } from '../contract/pubsub-session.builder.js';
import { closeAll, createPair, start, SUBSCRIPTION, TOPIC } from '../contract/started-emulator.builder.js';

afterEach(closeAll);

describe('TableDispatcher', () => {
  interface Table extends TableWriter {
    readonly rows: Readonly<Record<string, unknown>>[];
    readonly sizes: number[];
  }

  function tableOf(
    dataType: string,
    accepts: (rows: readonly Readonly<Record<string, unknown>>[]) => boolean,
  ): Table {
    const rows: Readonly<Record<string, unknown>>[] = [];
    const sizes: number[] = [];
    return {
      rows,
      sizes,
      hasTable: () => true,
      describeTable: () => Promise.resolve({ kind: 'table', columns: [{ name: 'data', type: dataType }] }),
      writeRows(_, given) {
        if (!accepts(given)) return Promise.resolve({ kind: 'failed', reason: 'invalid' });
        rows.push(...given);
        sizes.push(given.length);
        return Promise.resolve({ kind: 'written' });
      },
    };
  }

  const config = { bigqueryConfig: { table: 'p.d.t', writeMetadata: true } };

  it.each([
    ['BYTES', 'eyJhIjoxfQ=='],
    ['STRING', '{"a":1}'],
    ['JSON', '{"a":1}'],
  ])('writes metadata and the data of a %s column', async (type, data) => {
    const table = tableOf(type, () => true);
    const { session } = await start({ tables: table });
    await createPair(session, config);

    const messages = [{ data: btoa('{"a":1}'), attributes: { k: 'v' }, orderingKey: 'o' }];
    const { body } = await session.rest('POST', `${TOPIC}:publish`, { messages });

    const [row] = await until(
      () => table.rows,
      ({ length }) => length === 1,
    );
    expect(row).toEqual({
      subscription_name: SUBSCRIPTION,
      message_id: body.messageIds?.[0],
      publish_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      attributes: '{"k":"v","orderingKey":"o"}',
      data,
    });
  });

  it('writes many messages in few writes', async () => {
    const table = tableOf('BYTES', () => true);
    const { session } = await start({ tables: table });
    await createPair(session, config);
    const messages = Array.from({ length: 1_000 }, () => ({ data: 'eA==' }));

    await session.rest('POST', `${TOPIC}:publish`, { messages });

    await until(
      () => table.rows.length,
      (count) => count === 1_000,
    );
    expect(table.sizes.length).toBeLessThan(10);
  });

  it('writes the others when one message of a batch is refused, and forwards that one as a dead letter', async () => {
    const bad = 'YmFk';
    const table = tableOf('BYTES', (rows) => rows.every(({ data }) => data !== bad));
    const { session } = await start({ tables: table });
    const deadTopic = `${TOPIC}-dead`;
    const dead = `${SUBSCRIPTION}-dead`;
    await session.rest('PUT', deadTopic, {});
    await session.rest('PUT', dead, { topic: deadTopic });
    const deadLetterPolicy = { deadLetterTopic: deadTopic, maxDeliveryAttempts: 5 };
    const retryPolicy = { minimumBackoff: '0s', maximumBackoff: '0s' };
    await createPair(session, { ...config, deadLetterPolicy, retryPolicy });

    await session.rest('POST', `${TOPIC}:publish`, {
      messages: [{ data: 'eA==' }, { data: bad }, { data: 'eQ==' }],
    });

    const letter = await session.rest('POST', `${dead}:pull`, { maxMessages: 1 });
    expect(letter.body.receivedMessages?.[0]?.message.data).toBe(bad);
    expect(table.rows.map(({ data }) => data).sort()).toEqual(['eA==', 'eQ==']);
  });

  it('keeps the messages until the table is there', async () => {
    const table = tableOf('BYTES', () => true);
    let isThere = false;
    const tables: TableWriter = {
      writeRows: (address, rows) => table.writeRows(address, rows),
      hasTable: () => true,
      describeTable: (address) =>
        isThere ? table.describeTable(address) : Promise.resolve({ kind: 'missing' }),
    };
    const { session } = await start({ tables });
    await createPair(session, config);
    await session.rest('POST', `${TOPIC}:publish`, { messages: [{ data: 'eA==' }] });

    expect(table.rows).toEqual([]);
    isThere = true;

    await until(
      () => table.rows.length,
      (count) => count === 1,
    );
  });
});
