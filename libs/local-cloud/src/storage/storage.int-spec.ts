import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiError, type FileMetadata, Storage, type StorageOptions } from '@google-cloud/storage';
import { type StorageEmulator, startStorageEmulator } from './index.js';

const MEBIBYTE = 1024 * 1024;

/** The code and the first reason a call is refused with. */
async function refusal(call: Promise<unknown>): Promise<{ code: unknown; reason: unknown }> {
  try {
    await call;
  } catch (failure) {
    const error = failure as ApiError;
    return { code: error.code, reason: error.errors?.[0]?.reason };
  }
  return { code: 'accepted', reason: undefined };
}

function bytesOf(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at++) bytes[at] = (at * 31 + (at >>> 8)) & 0xff;
  return bytes;
}

describe.each(['memory', 'files'])('Cloud Storage through the official client, state in %s', (place) => {
  const directory = mkdtempSync(join(tmpdir(), 'storage-'));
  let emulator: StorageEmulator;
  let storage: Storage;

  beforeAll(async () => {
    emulator = await startStorageEmulator({
      host: '127.0.0.1',
      port: 0,
      ...(place === 'files' ? { dataDirectory: join(directory, 'state') } : {}),
      log: () => undefined,
    });
    const options: StorageOptions = {
      projectId: 'local-project',
      apiEndpoint: `http://127.0.0.1:${emulator.port}`,
      retryOptions: { autoRetry: false },
    };
    storage = new Storage(options);
    await storage.createBucket('plain');
  });

  afterAll(async () => {
    await emulator.stop();
    rmSync(directory, { recursive: true });
  });

  describe('buckets', () => {
    it('creates, shows, lists, labels and deletes a bucket', async () => {
      const [bucket] = await storage.createBucket('made', {
        location: 'us-central1',
        labels: { team: 'data' },
      });
      const [shown] = await bucket.getMetadata();
      expect(shown).toMatchObject({
        kind: 'storage#bucket',
        name: 'made',
        location: 'US-CENTRAL1',
        locationType: 'region',
        storageClass: 'STANDARD',
        metageneration: '1',
        labels: { team: 'data' },
        iamConfiguration: { uniformBucketLevelAccess: { enabled: false } },
      });
      const [buckets] = await storage.getBuckets({ prefix: 'ma' });
      expect(buckets.map((listed) => listed.name)).toEqual(['made']);

      const [labelled] = await bucket.setMetadata({ labels: { team: null, area: 'events' } });
      expect(labelled).toMatchObject({ labels: { area: 'events' }, metageneration: '2' });
      await bucket.delete();
      expect(await bucket.exists()).toEqual([false]);
    });

    it('refuses what the service refuses', async () => {
      expect(await refusal(storage.createBucket('plain'))).toEqual({ code: 409, reason: 'conflict' });
      expect(await refusal(storage.createBucket('Plain_UPPER'))).toEqual({ code: 400, reason: 'invalid' });
      expect(await refusal(storage.bucket('nowhere').getMetadata())).toEqual({
        code: 404,
        reason: 'notFound',
      });
      expect(await refusal(storage.bucket('nowhere').file('x').save('x'))).toMatchObject({ code: 404 });
      await storage.bucket('plain').file('keeps-bucket').save('x');
      expect(await refusal(storage.bucket('plain').delete())).toEqual({ code: 409, reason: 'conflict' });
    });

    it('checks the metageneration of a bucket', async () => {
      const bucket = storage.bucket('plain');
      const wrong = bucket.setMetadata({ labels: { a: 'b' } }, { ifMetagenerationMatch: 77 });
      expect(await refusal(wrong)).toEqual({ code: 412, reason: 'conditionNotMet' });
    });

    it('pages through buckets', async () => {
      for (const name of ['page-1', 'page-2', 'page-3']) await storage.createBucket(name);
      const [first, next] = await storage.getBuckets({ prefix: 'page-', maxResults: 2, autoPaginate: false });
      expect(first.map((bucket) => bucket.name)).toEqual(['page-1', 'page-2']);
      const [second] = await storage.getBuckets({ ...next, autoPaginate: false });
      expect(second.map((bucket) => bucket.name)).toEqual(['page-3']);
    });

    it('refuses notifications, IAM and ACL requests with 501', async () => {
      const bucket = storage.bucket('plain');
      expect(await refusal(bucket.getNotifications())).toEqual({ code: 501, reason: 'notImplemented' });
      expect(await refusal(bucket.iam.getPolicy())).toEqual({ code: 501, reason: 'notImplemented' });
      expect(await refusal(bucket.acl.get())).toEqual({ code: 501, reason: 'notImplemented' });
    });
  });

  describe('uploads and downloads', () => {
    it.each([
      ['empty, multipart', 0, false],
      ['small, multipart', 11, false],
      ['empty, resumable', 0, true],
      ['small, resumable', 11, true],
      ['3 MiB and one byte, multipart', 3 * MEBIBYTE + 1, false],
      ['3 MiB and one byte, resumable', 3 * MEBIBYTE + 1, true],
    ])('keeps the bytes: %s', async (_name, length, resumable) => {
      const file = storage.bucket('plain').file(`bytes/${length}-${resumable} ü/日.bin`);
      const bytes = bytesOf(length);

      await file.save(bytes, {
        resumable,
        contentType: 'image/x-test',
        metadata: { metadata: { key: 'välue' } },
      });

      const [content] = await file.download();
      expect(content.equals(bytes)).toBe(true);
      expect(file.metadata).toMatchObject({ contentType: 'image/x-test', metadata: { key: 'välue' } });
      expect(Number(file.metadata.size)).toBe(length);
    });

    it('uploads in chunks of 256 KiB', async () => {
      const file = storage.bucket('plain').file('chunked');
      const bytes = bytesOf(MEBIBYTE + 17);
      await file.save(bytes, { resumable: true, chunkSize: 256 * 1024 });
      const [content] = await file.download();
      expect(content.equals(bytes)).toBe(true);
    });

    it('uploads and downloads a file of the disk, checking both hashes', async () => {
      const path = join(directory, `${place}.bin`);
      writeFileSync(path, bytesOf(70_000));
      const [file] = await storage
        .bucket('plain')
        .upload(path, { destination: 'from-disk', validation: 'md5' });
      await file.download({ destination: `${path}.back`, validation: 'crc32c' });
      expect(readFileSync(`${path}.back`).equals(readFileSync(path))).toBe(true);
    });

    it('refuses content whose checksum is another, and keeps the object that was there', async () => {
      const file = storage.bucket('plain').file('checked');
      await file.save('before');
      const wrong = file.save('after', { resumable: false, metadata: { crc32c: 'AAAAAA==' } });
      expect(await refusal(wrong)).toEqual({ code: 400, reason: 'invalid' });
      expect(String(await file.download())).toBe('before');
    });

    it('serves ranges', async () => {
      const file = storage.bucket('plain').file('ranges');
      await file.save('0123456789');
      expect(String(await file.download({ start: 2, end: 5 }))).toBe('2345');
      expect(String(await file.download({ start: 7 }))).toBe('789');
      expect(await refusal(file.download({ start: 10 }))).toMatchObject({ code: 416 });
    });

    it('stores gzip as it is and unpacks it for those who do not accept it', async () => {
      const file = storage.bucket('plain').file('packed.txt');
      await file.save('text '.repeat(1000), { gzip: true, resumable: false });
      const [shown] = await file.getMetadata();
      expect(shown).toMatchObject({ contentEncoding: 'gzip' });
      expect(String(await file.download())).toBe('text '.repeat(1000));
      const url = `http://127.0.0.1:${emulator.port}/plain/packed.txt`;
      const plain = await fetch(url, { headers: { 'accept-encoding': 'identity', range: 'bytes=0-3' } });
      expect(plain.headers.get('content-encoding')).toBeNull();
      expect(plain.headers.get('x-goog-stored-content-encoding')).toBe('gzip');
      expect(await plain.text()).toBe('text '.repeat(1000));
      const [raw] = await file.download({ decompress: false });
      expect(gunzipSync(raw).toString()).toBe('text '.repeat(1000));
    });

    it('leaves gzip content alone that forbids a transformation', async () => {
      const file = storage.bucket('plain').file('packed-fixed');
      const packed = gzipSync('fixed');
      await file.save(packed, {
        resumable: false,
        metadata: { contentEncoding: 'gzip', cacheControl: 'no-transform' },
      });
      const [raw] = await file.download({ decompress: false });
      expect(raw.equals(packed)).toBe(true);
    });
  });

  describe('objects', () => {
    it('lists with prefix, delimiter, offsets and pages', async () => {
      const [bucket] = await storage.createBucket('listed');
      for (const name of ['a/1', 'a/2', 'b', 'c/x/1', 'c/y', 'd']) await bucket.file(name).save('x');
      const names = async (query: object): Promise<unknown> => {
        const [files, , response] = await bucket.getFiles({ autoPaginate: false, ...query });
        return [files.map((file) => file.name), (response as { prefixes?: string[] }).prefixes ?? []];
      };

      expect(await names({ delimiter: '/' })).toEqual([
        ['b', 'd'],
        ['a/', 'c/'],
      ]);
      expect(await names({ delimiter: '/', prefix: 'c/' })).toEqual([['c/y'], ['c/x/']]);
      expect(await names({ startOffset: 'a/2', endOffset: 'c/y' })).toEqual([['a/2', 'b', 'c/x/1'], []]);
      expect(await names({ prefix: 'zz' })).toEqual([[], []]);
      const [all] = await bucket.getFiles({ maxResults: 2, autoPaginate: true });
      expect(all.length).toBeGreaterThanOrEqual(2);
      expect(await refusal(bucket.getFiles({ pageToken: '?', autoPaginate: false }))).toMatchObject({
        code: 400,
      });
    });

    it('patches metadata, removing keys by null, and counts metagenerations', async () => {
      const file = storage.bucket('plain').file('patched');
      await file.save('x', { metadata: { cacheControl: 'no-store', metadata: { a: '1', b: '2' } } });
      const change: FileMetadata = { metadata: { a: null, c: '3' } };
      // The client's type knows null for keys of `metadata` only, its wire format for every field.
      const patched: unknown = (await file.setMetadata(Object.assign(change, { cacheControl: null })))[0];
      expect(patched).toMatchObject({ metadata: { b: '2', c: '3' }, metageneration: '2' });
      expect(patched).not.toHaveProperty('cacheControl');
    });

    it('copies, renames and moves', async () => {
      const bucket = storage.bucket('plain');
      const [other] = await storage.createBucket('copies', { location: 'EU' });
      const source = bucket.file('copy/source');
      await source.save('copied', { contentType: 'text/x-copy', metadata: { metadata: { k: 'v' } } });

      await source.copy(other.file('target'));
      const [shown] = await other.file('target').getMetadata();
      expect(shown).toMatchObject({ contentType: 'text/x-copy', metadata: { k: 'v' }, metageneration: '1' });
      expect(String(await other.file('target').download())).toBe('copied');

      await source.rename('copy/renamed');
      expect(await source.exists()).toEqual([false]);
      await bucket.file('copy/renamed').moveFileAtomic('copy/moved');
      expect(String(await bucket.file('copy/moved').download())).toBe('copied');
      expect(await bucket.file('copy/renamed').exists()).toEqual([false]);
    });

    it('composes up to 32 objects', async () => {
      const bucket = storage.bucket('plain');
      for (const name of ['part-1', 'part-2']) await bucket.file(name).save(`${name};`);
      await bucket.combine(['part-1', 'part-2', 'part-1'], 'whole.txt');
      const whole = bucket.file('whole.txt');
      expect(String(await whole.download())).toBe('part-1;part-2;part-1;');
      const [shown] = await whole.getMetadata();
      expect(shown).toMatchObject({ componentCount: 3 });
      expect(shown).not.toHaveProperty('md5Hash');
      const many = Array.from({ length: 33 }, () => 'part-1');
      expect(await refusal(bucket.combine(many, 'too-many.txt'))).toMatchObject({ code: 400 });
      expect(await refusal(bucket.combine(['absent', 'part-1'], 'x.txt'))).toMatchObject({ code: 404 });
    });

    it('deletes once', async () => {
      const file = storage.bucket('plain').file('deleted');
      await file.save('x');
      await file.delete();
      expect(await refusal(file.delete())).toEqual({ code: 404, reason: 'notFound' });
      await file.delete({ ignoreNotFound: true });
    });

    it('keeps noncurrent generations of a versioned bucket', async () => {
      const [bucket] = await storage.createBucket('versioned', { versioning: { enabled: true } });
      const file = bucket.file('v');
      await file.save('one');
      const first = Number(file.metadata.generation);
      await file.save('two');
      await file.delete();

      expect(await file.exists()).toEqual([false]);
      const [versions] = await bucket.getFiles({ versions: true });
      expect(versions).toHaveLength(2);
      expect(versions[0]?.metadata).toHaveProperty('timeDeleted');
      expect(String(await bucket.file('v', { generation: first }).download())).toBe('one');
      await bucket.deleteFiles({ versions: true });
      await bucket.delete();
    });

    it('refuses to delete or replace an object under a hold', async () => {
      const file = storage.bucket('plain').file('held');
      await file.save('x');
      await file.setMetadata({ temporaryHold: true });
      expect(await refusal(file.delete())).toEqual({ code: 403, reason: 'forbidden' });
      expect(await refusal(file.save('y', { resumable: false }))).toMatchObject({ code: 403 });
      await file.setMetadata({ temporaryHold: false });
      await file.delete();
    });
  });

  describe('preconditions', () => {
    it.each([
      ['write when absent, and it is absent', 'absent', { ifGenerationMatch: 0 }, 'accepted'],
      ['write when absent, but it is there', 'there', { ifGenerationMatch: 0 }, 412],
      ['write over another generation', 'there', { ifGenerationMatch: 5 }, 412],
      ['write unless absent, and it is absent', 'absent', { ifGenerationNotMatch: 0 }, 412],
      ['write at another metageneration', 'there', { ifMetagenerationMatch: 9 }, 412],
      ['write unless at this metageneration', 'there', { ifMetagenerationNotMatch: 1 }, 412],
      ['write at this metageneration', 'there', { ifMetagenerationMatch: 1 }, 'accepted'],
    ])('%s', async (title, state, preconditionOpts, expected) => {
      for (const resumable of [false, true]) {
        const file = storage.bucket('plain').file(`pre/${title}/${resumable}`);
        if (state === 'there') await file.save('before');
        const { code } = await refusal(file.save('after', { resumable, preconditionOpts }));
        expect(code).toBe(expected);
      }
    });

    it('lets exactly one of ten concurrent writers create an object', async () => {
      const writes = Array.from({ length: 10 }, (_, at) =>
        refusal(
          storage
            .bucket('plain')
            .file('race')
            .save(`writer ${at}`, {
              resumable: false,
              preconditionOpts: { ifGenerationMatch: 0 },
            }),
        ),
      );
      const codes = (await Promise.all(writes)).map(({ code }) => code);
      expect(codes.filter((code) => code === 'accepted')).toHaveLength(1);
      expect(codes.filter((code) => code === 412)).toHaveLength(9);
    });

    it('checks conditions of patch, delete, copy and compose', async () => {
      const bucket = storage.bucket('plain');
      const file = bucket.file('conditional');
      await file.save('x');
      const wrong = { ifGenerationMatch: 1 };
      expect(await refusal(file.setMetadata({ contentType: 'a/b' }, wrong))).toMatchObject({ code: 412 });
      expect(await refusal(file.delete(wrong))).toMatchObject({ code: 412 });
      expect(await refusal(file.copy('there', { preconditionOpts: wrong }))).toMatchObject({ code: 412 });
      expect(await refusal(bucket.combine(['conditional'], 'there2', wrong))).toMatchObject({ code: 412 });
    });
  });
});
