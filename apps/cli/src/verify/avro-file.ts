import { Readable } from 'node:stream';
import avro from 'avsc';
import { uncompress } from 'snappyjs';

/** Bytes of the checksum behind a block that is packed with Snappy. Source: Avro 1.12 specification, read 2026-11-23. */
const CHECKSUM_BYTES = 4;

/**
 * The data of every message in an Avro file of Pub/Sub, one after the other. Blocks may be plain or packed with Deflate
 * or Snappy, since Pub/Sub does not say which it uses.
 */
export async function messageData(file: Buffer): Promise<Buffer> {
  const decoder = new avro.streams.BlockDecoder({
    codecs: {
      ...avro.streams.BlockDecoder.defaultCodecs(),
      snappy: (block: Buffer, done: (error: Error | null, bytes?: Buffer) => void) => {
        done(null, Buffer.from(uncompress(block.subarray(0, -CHECKSUM_BYTES))));
      },
    },
  });
  const data: Buffer[] = [];
  for await (const record of Readable.from([file]).pipe(decoder)) {
    data.push((record as { readonly data: Buffer }).data);
  }
  return Buffer.concat(data);
}
