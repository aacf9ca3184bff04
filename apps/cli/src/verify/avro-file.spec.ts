import { describe, expect, it } from '@jest/globals';
import avro from 'avsc';
import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { compress } from 'snappyjs';
import { messageData } from './avro-file.js';

const SCHEMA: avro.schema.AvroSchema = {
  type: 'record',
  name: 'PubsubMessage',
  fields: [
    { name: 'message_id', type: 'string' },
    { name: 'data', type: 'bytes' },
  ],
};

async function file(codec: 'null' | 'deflate' | 'snappy', texts: readonly string[]): Promise<Buffer> {
  const encoder = new avro.streams.BlockEncoder(avro.Type.forSchema(SCHEMA), {
    codec,
    codecs: {
      ...avro.streams.BlockEncoder.defaultCodecs(),
      snappy: (block: Buffer, done: (error: Error | null, bytes?: Buffer) => void) => {
        const checksum = Buffer.alloc(4);
        checksum.writeUInt32BE(crc32(block));
        done(null, Buffer.concat([Buffer.from(compress(block)), checksum]));
      },
    },
  });
  texts.forEach((text, index) => encoder.write({ message_id: String(index), data: Buffer.from(text) }));
  encoder.end();
  return buffer(encoder);
}

describe('messageData', () => {
  it.each(['null', 'deflate', 'snappy'] as const)('reads a file packed with %s', async (codec) => {
    const texts = ['{"a":1}', '{"a":2}', 'x'.repeat(10_000)];

    expect((await messageData(await file(codec, texts))).toString()).toBe(texts.join(''));
  });
});
