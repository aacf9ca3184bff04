import { gunzipSync } from 'node:zlib';
import type { StorageObjects } from '../sources/storage-objects.adapter.js';
import { messageData } from './avro-file.js';

/**
 * Returns the texts that are in the file copy. Files that were read before are not read again.
 *
 * A file is searched as bytes: those of the messages in it where it is Avro, else its own; where they are base64, the
 * text is looked for in base64 too.
 */
export async function findCopies(
  objects: StorageObjects,
  addresses: readonly string[],
  { texts, seen }: { readonly texts: readonly string[]; readonly seen: Set<string> },
): Promise<readonly string[]> {
  const found = new Set<string>();
  const listed = await Promise.all(addresses.map((address) => objects.expand(address)));
  for (const object of listed.flat()) {
    if (seen.has(object)) continue;
    seen.add(object);
    const bytes = await readAll(objects, object);
    for (const text of texts) if (holds(bytes, text)) found.add(text);
  }
  return [...found];
}

async function readAll(objects: StorageObjects, address: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of objects.open(address)) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  if (address.endsWith('.avro')) return messageData(bytes);
  return address.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

const BASE64_DATA = /"data":"([A-Za-z0-9+/]+={0,2})"/g;

/** As they are, or as the base64 of a field `data`. */
function holds(bytes: Buffer, text: string): boolean {
  if (bytes.includes(text)) return true;
  return [...bytes.toString('latin1').matchAll(BASE64_DATA)].some(([, data = '']) =>
    Buffer.from(data, 'base64').includes(text),
  );
}
