import { Checksummer, verifyChecksums } from './checksums.js';
import type { ContentStore } from '../state/content-store.js';
import type { ExpectedChecksums, StoredContent } from '../state/storage-records.js';

/**
 * Write a stream to the content store, hashing it on the way. Nothing is left when the stream breaks off or its
 * checksums are not the expected ones (`invalid`).
 */
export async function takeContent(
  contents: ContentStore,
  body: AsyncIterable<Uint8Array>,
  expected: ExpectedChecksums,
): Promise<StoredContent> {
  const writer = await contents.create();
  const checksummer = new Checksummer();
  try {
    for await (const chunk of body) {
      checksummer.update(chunk);
      await writer.append(chunk);
    }
    const checksums = checksummer.digest();
    verifyChecksums(expected, checksums);
    await writer.sync();
    await writer.close();
    return { contentId: writer.contentId, size: writer.size, ...checksums };
  } catch (failure) {
    await writer.discard();
    throw failure;
  }
}
