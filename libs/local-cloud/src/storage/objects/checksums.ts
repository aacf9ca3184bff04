import { createHash } from 'node:crypto';
import { crc32c } from '@node-rs/crc32';
import { StorageError } from '../state/storage.errors.js';
import type { ExpectedChecksums } from '../state/storage-records.js';

/** MD5 and CRC-32C of a stream, base64 as the API shows them (CRC as four big-endian bytes). */
export class Checksummer {
  private readonly md5 = createHash('md5');
  private crc = 0;

  update(bytes: Uint8Array): void {
    this.md5.update(bytes);
    this.crc = crc32c(bytes, this.crc);
  }

  digest(): { readonly md5Hash: string; readonly crc32c: string } {
    const crc = Buffer.alloc(4);
    crc.writeUInt32BE(this.crc);
    return { md5Hash: this.md5.copy().digest('base64'), crc32c: crc.toString('base64') };
  }
}

/** Read `x-goog-hash: crc32c=…,md5=…`; unknown algorithms are left out. */
export function parseHashHeader(header: string | readonly string[] | undefined): ExpectedChecksums {
  const text = typeof header === 'string' ? header : (header ?? []).join(',');
  const found: { crc32c?: string; md5Hash?: string } = {};
  for (const item of text.split(',')) {
    const match = /^\s*(crc32c|md5)=(\S+)\s*$/.exec(item);
    if (match?.[1] === 'crc32c' && match[2] !== undefined) found.crc32c = match[2];
    if (match?.[1] === 'md5' && match[2] !== undefined) found.md5Hash = match[2];
  }
  return found;
}

/** Refuse content whose checksums are not the announced ones. */
export function verifyChecksums(
  expected: ExpectedChecksums,
  actual: { readonly crc32c: string; readonly md5Hash: string | null },
): void {
  if (expected.crc32c !== undefined && expected.crc32c !== actual.crc32c) {
    throw mismatch('CRC32C', expected.crc32c, actual.crc32c);
  }
  if (expected.md5Hash !== undefined && actual.md5Hash !== null && expected.md5Hash !== actual.md5Hash) {
    throw mismatch('MD5 hash', expected.md5Hash, actual.md5Hash);
  }
}

function mismatch(algorithm: string, expected: string, actual: string): StorageError {
  return new StorageError(
    'invalid',
    `Provided ${algorithm} "${expected}" doesn't match calculated ${algorithm} "${actual}".`,
  );
}
