import { describe, expect, it } from '@jest/globals';
import avro from 'avsc';
import { Readable } from 'node:stream';
import type { StoredMessage } from '../backlog/message.js';
import { objectBytes, objectName } from './object-file.js';

const message = (id: number, text: string): StoredMessage => ({
  id,
  publishTimeMs: 1_700_000_000_123,
  data: Buffer.from(text),
  attributes: { kind: 'a' },
  orderingKey: id === 2 ? 'key' : '',
  bytes: text.length,
});

async function readAvro(bytes: Uint8Array): Promise<unknown[]> {
  const decoder = new avro.streams.BlockDecoder();
  const records: unknown[] = [];
  for await (const record of Readable.from([Buffer.from(bytes)]).pipe(decoder)) records.push(record);
  return records;
}

describe('objectName', () => {
  const nowMs = Date.UTC(2026, 10, 22, 9, 8, 7);

  it.each([
    ['the default format', {}, /^2026-11-22T09:08:07\+00:00_[0-9a-f-]{36}$/],
    [
      'prefix and suffix',
      { filenamePrefix: 'raw/', filenameSuffix: '.json' },
      /^raw\/2026-.*_[0-9a-f-]{36}\.json$/,
    ],
    [
      'a format of its own',
      { filenameDatetimeFormat: 'YYYY/MM/DD/hh_mm_ss' },
      /^2026\/11\/22\/09_08_07_[0-9a-f-]{36}$/,
    ],
  ])('has %s', (_, config, pattern) => {
    expect(objectName(config, nowMs)).toMatch(pattern);
  });
});

describe('objectBytes', () => {
  it('writes one line per message as text', async () => {
    const { bytes, contentType } = await objectBytes({}, 'sub', [message(1, '{"a":1}'), message(2, 'x')]);

    expect(Buffer.from(bytes).toString()).toBe('{"a":1}\nx\n');
    expect(contentType).toBe('text/plain');
  });

  it('writes Avro with metadata that another reader understands', async () => {
    const config = { avroConfig: { writeMetadata: true } };

    const { bytes } = await objectBytes(config, 'projects/p/subscriptions/s', [
      message(1, 'x'),
      message(2, 'y'),
    ]);

    expect(await readAvro(bytes)).toEqual([
      {
        subscription_name: 'projects/p/subscriptions/s',
        message_id: '1',
        publish_time: 1_700_000_000_123_000,
        attributes: { kind: 'a' },
        data: Buffer.from('x'),
      },
      expect.objectContaining({ message_id: '2', attributes: { kind: 'a', orderingKey: 'key' } }),
    ]);
  });

  it('writes Avro with the data alone', async () => {
    const { bytes } = await objectBytes({ avroConfig: {} }, 'sub', [message(1, 'x')]);

    expect(await readAvro(bytes)).toEqual([{ data: Buffer.from('x') }]);
  });
});
