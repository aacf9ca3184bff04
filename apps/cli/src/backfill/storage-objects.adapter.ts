import { Storage } from '@google-cloud/storage';
import type { Readable } from 'node:stream';

/** Objects of Cloud Storage through the official client, which is made on first use. The only file that names it. */
export class StorageObjects {
  #client: Storage | null = null;

  constructor(private readonly connection: { readonly projectId: string; readonly endpoint?: string }) {}

  /** Addresses that `gs://bucket/prefix*` stands for; an address without a star is itself. */
  async expand(address: string): Promise<string[]> {
    if (!address.endsWith('*')) return [address];
    const { bucket, name } = parse(address);
    const [files] = await this.#use()
      .bucket(bucket)
      .getFiles({ prefix: name.slice(0, -1) });
    return files.map((file) => `gs://${bucket}/${file.name}`).sort();
  }

  /** The object's bytes as they are stored: `.gz` is unpacked by whoever reads the name. */
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
}

function parse(address: string): { readonly bucket: string; readonly name: string } {
  const [, bucket = '', name = ''] = /^gs:\/\/([^/]+)\/(.+)$/.exec(address) ?? [];
  return { bucket, name };
}
