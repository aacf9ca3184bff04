import { Storage } from '@google-cloud/storage';
import type { Readable } from 'node:stream';
import { localCloudIsSilent, SetupError } from '../command/exit-codes.js';

/** UNAUTHENTICATED, PERMISSION_DENIED, NOT_FOUND. Source: Cloud Storage, HTTP status codes, read 2026-11-23. */
const SETUP_STATUSES: readonly unknown[] = [401, 403, 404];

/** Objects of Cloud Storage through the official client, which is made on first use. The only file that names it. */
export class StorageObjects {
  #client: Storage | null = null;

  constructor(private readonly connection: { readonly projectId: string; readonly endpoint?: string }) {}

  /**
   * Expands `gs://bucket/prefix*` to the addresses of all objects with that prefix; returns another address unchanged.
   * @throws SetupError where the bucket or the object is missing, or may not be read
   */
  async expand(address: string): Promise<string[]> {
    const { bucket, name } = parse(address);
    try {
      const objects = this.#use().bucket(bucket);
      if (!address.endsWith('*')) {
        await objects.file(name).getMetadata();
        return [address];
      }
      const [files] = await objects.getFiles({ prefix: name.slice(0, -1) });
      return files.map((file) => `gs://${bucket}/${file.name}`).sort();
    } catch (cause) {
      throw this.#classify(address, cause);
    }
  }

  /** The object's bytes as they are stored: packed where they were packed. */
  open(address: string): Readable {
    const { bucket, name } = parse(address);
    return this.#use().bucket(bucket).file(name).createReadStream({ decompress: false });
  }

  #use(): Storage {
    const { projectId, endpoint } = this.connection;
    this.#client ??= new Storage({
      projectId,
      ...(endpoint === undefined ? {} : { apiEndpoint: endpoint }),
    });
    return this.#client;
  }

  #classify(address: string, cause: unknown): Error {
    const code: unknown =
      typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
    const words = `${address}: ${cause instanceof Error ? cause.message : String(cause)}`;
    if (code === 'ECONNREFUSED' && this.connection.endpoint !== undefined)
      return localCloudIsSilent(words, cause);
    if (SETUP_STATUSES.includes(code) || /default credentials/i.test(words))
      return new SetupError(words, { cause });
    return new Error(`Cloud Storage failed: ${words}`, { cause });
  }
}

function parse(address: string): { readonly bucket: string; readonly name: string } {
  const [, bucket = '', name = ''] = /^gs:\/\/([^/]+)\/(.+)$/.exec(address) ?? [];
  return { bucket, name };
}
