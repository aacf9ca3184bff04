import { describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { StorageObjects } from '../sources/storage-objects.adapter.js';
import { findCopies } from './find-copies.js';

function bucket(files: Readonly<Record<string, Buffer>>): StorageObjects {
  const objects: Pick<StorageObjects, 'expand' | 'open'> = {
    expand: () => Promise.resolve(Object.keys(files)),
    open: (address) => Readable.from([files[address] ?? Buffer.alloc(0)]),
  };
  return objects as StorageObjects;
}

describe('findCopies', () => {
  it.each([0, 1, 2, 3, 4])(
    'finds a text in plain, packed and base64 files, behind %i other bytes',
    async (lead) => {
      const before = 'x'.repeat(lead);
      const base64 = Buffer.from(`${before}verification-b and more`).toString('base64');
      const objects = bucket({
        'a.txt': Buffer.from(`${before}verification-a`),
        'b.ndjson.gz': gzipSync(`{"data":"${base64}"}\n`),
      });

      expect(
        await findCopies(objects, ['gs://b/events/*'], {
          texts: ['verification-a', 'verification-b', 'verification-c'],
          seen: new Set(),
        }),
      ).toEqual(['verification-a', 'verification-b']);
    },
  );

  it('reads a file once', async () => {
    const seen = new Set(['a.txt']);
    const objects = bucket({ 'a.txt': Buffer.from('verification-a') });

    expect(await findCopies(objects, ['gs://b/events/*'], { texts: ['verification-a'], seen })).toEqual([]);
  });
});
