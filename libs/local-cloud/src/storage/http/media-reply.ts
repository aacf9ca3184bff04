import { type Readable, pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type ByteRange, parseRange } from '../state/byte-ranges.js';
import type { ObjectRecord } from '../state/storage-records.js';
import type { StorageReply } from './storage-exchange.js';

/** Parameters of a download. */
export interface MediaRequest {
  readonly range: string | undefined;
  readonly acceptEncoding: string | undefined;
  /** Custom metadata as `x-goog-meta-*`, as the XML API shows it. */
  readonly withMetadata: boolean;
  readonly etag: string;
}

/**
 * The content of an object as a reply: 200, 206 for a range, 416 for one outside.
 *
 * An object stored with `contentEncoding: gzip` is unpacked on the way (then without length, and the range is
 * ignored), unless the request accepts gzip or the object's `cacheControl` has `no-transform`.
 * Source: docs.cloud.google.com/storage/docs/transcoding, read 2026-11-22.
 */
export function replyMedia(
  object: ObjectRecord,
  read: (range: ByteRange) => Readable,
  request: MediaRequest,
): StorageReply {
  const { size } = object.content;
  const whole = { start: 0, end: size };
  const headers = toMediaHeaders(object, request);
  if (isUnpacked(object, request.acceptEncoding)) {
    const unpacked = { ...headers };
    delete unpacked['content-encoding'];
    delete unpacked['accept-ranges'];
    const content = createGunzip();
    // A broken archive ends the reply early; the client sees the connection close.
    pipeline(read(whole), content, () => undefined);
    return { status: 200, headers: { ...unpacked, warning: '214 UploadServer gunzipped' }, body: content };
  }
  const range = parseRange(request.range, size);
  const { start, end } = range ?? whole;
  const length = { 'content-length': String(end - start) };
  return range === null
    ? { status: 200, headers: { ...headers, ...length }, body: read(whole) }
    : {
        status: 206,
        headers: { ...headers, ...length, 'content-range': `bytes ${start}-${end - 1}/${size}` },
        body: read(range),
      };
}

function isUnpacked(object: ObjectRecord, acceptEncoding: string | undefined): boolean {
  return (
    object.fields.contentEncoding === 'gzip' &&
    !/\bgzip\b/i.test(acceptEncoding ?? '') &&
    !/\bno-transform\b/i.test(object.fields.cacheControl ?? '')
  );
}

function toMediaHeaders(object: ObjectRecord, request: MediaRequest): Record<string, string> {
  const { fields, content } = object;
  const md5 = content.md5Hash === null ? '' : `,md5=${content.md5Hash}`;
  const headers: Record<string, string> = {
    'content-type': fields.contentType ?? 'application/octet-stream',
    'accept-ranges': 'bytes',
    etag: request.etag,
    'last-modified': new Date(object.updated).toUTCString(),
    'x-goog-generation': String(object.generation),
    'x-goog-metageneration': String(object.metageneration),
    'x-goog-storage-class': fields.storageClass ?? 'STANDARD',
    'x-goog-stored-content-encoding': fields.contentEncoding ?? 'identity',
    'x-goog-stored-content-length': String(content.size),
    'x-goog-hash': `crc32c=${content.crc32c}${md5}`,
  };
  if (object.componentCount !== null) headers['x-goog-component-count'] = String(object.componentCount);
  if (fields.contentEncoding === 'gzip') headers['vary'] = 'Accept-Encoding';
  const optional = {
    'content-encoding': fields.contentEncoding,
    'content-language': fields.contentLanguage,
    'content-disposition': fields.contentDisposition,
    'cache-control': fields.cacheControl,
    ...(request.withMetadata ? toMetadataHeaders(fields.metadata ?? {}) : {}),
  };
  for (const [name, value] of Object.entries(optional)) {
    if (value !== undefined && value !== '') headers[name] = toHeaderText(value);
  }
  return { ...headers, 'content-type': toHeaderText(headers['content-type'] ?? '') };
}

function toMetadataHeaders(metadata: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const entries = Object.entries(metadata).filter(([key]) => /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(key));
  return Object.fromEntries(entries.map(([key, value]) => [`x-goog-meta-${key.toLowerCase()}`, value]));
}

/** UTF-8 bytes as HTTP/1.1 carries them, without control characters. */
function toHeaderText(value: string): string {
  return Buffer.from(value.replaceAll(/[\u0000-\u001f\u007f]/g, ' '), 'utf8').toString('latin1');
}
