import { createGunzip } from 'node:zlib';
import { Readable } from 'node:stream';
import type { ObjectReader } from '../../ports.js';
import { BigqueryError, invalid, messageOf, notFound } from '../rules/api-error.js';
import { unreadable } from './load-failure.js';

/** One file of a load job; `uri` is `undefined` for an upload. */
export interface LoadFile {
  readonly uri: string | undefined;
  readonly content: AsyncIterable<Uint8Array>;
}

/**
 * The objects that a job's URIs name, each with one `*` at most.
 *
 * Errors: 404 `notFound` for a URI without an object; 400 `invalid` for what is no URI of Cloud Storage.
 * Source: cloud.google.com/bigquery/docs/loading-data-cloud-storage-json (wildcards), read 2026-11-29.
 */
export function filesOfUris(uris: readonly string[], objects: ObjectReader | undefined): LoadFile[] {
  if (objects === undefined)
    throw new BigqueryError({
      reason: 'notImplemented',
      message: 'sourceUris need the local Cloud Storage, which does not run.',
    });
  return uris.flatMap((uri) => filesOfUri(uri, objects));
}

function filesOfUri(uri: string, objects: ObjectReader): LoadFile[] {
  const [, bucket, pattern] = /^gs:\/\/([^/*]+)\/(.+)$/.exec(uri) ?? [];
  if (bucket === undefined || pattern === undefined)
    throw invalid(`Invalid source URI: ${uri}. It must be gs://BUCKET/OBJECT.`, 'sourceUris');
  const parts = pattern.split('*');
  if (parts.length > 2)
    throw invalid(`Invalid source URI: ${uri}. It may have one wildcard only.`, 'sourceUris');
  const [before = '', after] = parts;
  const matches = (name: string): boolean =>
    after === undefined
      ? name === before
      : name.length >= before.length + after.length && name.startsWith(before) && name.endsWith(after);
  const names = listed(objects, bucket, matches, uri);
  if (names.length === 0) throw notFound(`URI ${uri}`);
  return names.map((name) => ({ uri: `gs://${bucket}/${name}`, content: objects.readObject(bucket, name) }));
}

function listed(
  objects: ObjectReader,
  bucket: string,
  matches: (name: string) => boolean,
  uri: string,
): readonly string[] {
  try {
    return objects.listObjects(bucket, matches);
  } catch (error) {
    throw notFound(`URI ${uri}: ${messageOf(error)}`);
  }
}

/** The content of a file, unpacked if it begins like gzip; `count` gets the bytes as they were stored. */
export async function* unpacked(file: LoadFile, count: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const counted = countedChunks(file.content, count);
  const first = await counted.next();
  if (first.done === true) return;
  const whole = withFirst(first.value, counted);
  const isGzip = first.value[0] === 0x1f && first.value[1] === 0x8b;
  if (!isGzip) {
    yield* whole;
    return;
  }
  try {
    yield* Readable.from(whole).compose(createGunzip()) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw unreadable(`the file is no valid gzip: ${messageOf(error)}`, file.uri);
  }
}

async function* countedChunks(
  content: AsyncIterable<Uint8Array>,
  count: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of content) {
    count(chunk.length);
    if (chunk.length > 0) yield chunk;
  }
}

async function* withFirst(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}
