import avro from 'avsc';
import { readAvro } from '../sources/avro-container.js';

/**
 * The data of every message in an Avro file of Pub/Sub, one after the other. Blocks may be plain or packed with Deflate
 * or Snappy, since Pub/Sub does not say which it uses.
 */
export async function messageData(file: Buffer): Promise<Buffer> {
  async function* chunks(): AsyncGenerator<Buffer> {
    yield await Promise.resolve(file);
  }
  const data: Buffer[] = [];
  const messages = readAvro('The file', chunks(), (schema) => ({
    type: avro.Type.forSchema(schema as avro.Schema),
    toItem: (record) => (record as { readonly data: Buffer }).data,
  }));
  for await (const bytes of messages) data.push(bytes);
  return Buffer.concat(data);
}
