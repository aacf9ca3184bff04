import { parseChunkRange } from '../../http/chunk-range.js';
import { parseHashHeader } from '../objects/checksums.js';
import type { JsonObject } from '../../http/json-object.js';
import { parseJsonObject } from '../state/json.js';
import { parseBoundary, readMultipartUpload } from '../../http/multipart-related.js';
import { checkObjectName } from '../state/names.js';
import { parseExpectedChecksums, parseObjectFields } from '../objects/object-fields.js';
import type { ObjectStore } from '../objects/object-store.js';
import { parseConditions } from '../state/preconditions.js';
import { viewObject } from './resource-view.js';
import { StorageError, notSupported } from '../state/storage.errors.js';
import type { ObjectRecord, UploadTarget } from '../state/storage-records.js';
import {
  type StorageReply,
  type StorageRequest,
  readJson,
  replyEmpty,
  replyJson,
} from './storage-exchange.js';
import type { UploadSessions } from '../uploads/upload-sessions.js';

/** `upload/storage/v1/b/BUCKET/o`: media, multipart and resumable uploads. */
export class UploadRoutes {
  constructor(
    private readonly objects: ObjectStore,
    private readonly sessions: UploadSessions,
  ) {}

  handle(request: StorageRequest, bucket: string): Promise<StorageReply> {
    const uploadId = request.query.get('upload_id');
    if (uploadId !== null) return this.continue(request, uploadId);
    if (request.method !== 'POST') throw new StorageError('methodNotAllowed', 'Uploads are started by POST.');
    const uploadType = request.query.get('uploadType') ?? 'none given';
    switch (uploadType) {
      case 'media':
        return this.takeMedia(request, bucket);
      case 'multipart':
        return this.takeMultipart(request, bucket);
      case 'resumable':
        return this.start(request, bucket);
      default:
        throw new StorageError('invalid', `Invalid upload type: ${uploadType}`);
    }
  }

  private async takeMedia(request: StorageRequest, bucket: string): Promise<StorageReply> {
    const target = toTarget(request, bucket, {}, request.headers['content-type']);
    return show(await this.objects.upload(target, request.body), request);
  }

  private async takeMultipart(request: StorageRequest, bucket: string): Promise<StorageReply> {
    const upload = await readMultipartUpload(request.body, parseBoundary(request.headers['content-type']));
    const target = toTarget(request, bucket, parseJsonObject(upload.resource), upload.contentType);
    return show(await this.objects.upload(target, upload.content), request);
  }

  private async start(request: StorageRequest, bucket: string): Promise<StorageReply> {
    const contentType = request.headers['x-upload-content-type'];
    const target = toTarget(request, bucket, await readJson(request), contentType);
    const id = await this.sessions.start(target);
    const query = new URLSearchParams({ uploadType: 'resumable', name: target.name, upload_id: id });
    return replyEmpty(200, {
      location: `${request.baseUrl}/upload/storage/v1/b/${bucket}/o?${query.toString()}`,
      'x-guploader-uploadid': id,
    });
  }

  private async continue(request: StorageRequest, uploadId: string): Promise<StorageReply> {
    if (request.method === 'DELETE') {
      await this.sessions.cancel(uploadId);
      return replyEmpty(499);
    }
    if (request.method !== 'PUT' && request.method !== 'POST') {
      throw new StorageError('methodNotAllowed', 'Uploads are continued by PUT.');
    }
    const progress = await this.sessions.receive(uploadId, {
      range: parseChunkRange(request.headers['content-range']),
      body: request.body,
      expected: parseHashHeader(request.headers['x-goog-hash']),
      interrupt: request.interrupt,
    });
    if (progress.kind === 'finished') return show(progress.object, request);
    const range: Record<string, string> =
      progress.persisted === 0 ? {} : { range: `bytes=0-${progress.persisted - 1}` };
    return request.headers['x-guploader-no-308']?.toLowerCase() === 'yes'
      ? replyEmpty(200, { ...range, 'x-http-status-code-override': '308' })
      : replyEmpty(308, range);
  }
}

function toTarget(
  request: StorageRequest,
  bucket: string,
  resource: JsonObject,
  contentType: string | undefined,
): UploadTarget {
  const { query, headers } = request;
  if (headers['x-goog-encryption-key'] !== undefined) throw notSupported('customer-supplied encryption keys');
  if ((query.get('kmsKeyName') ?? '') !== '') throw notSupported('objects with kmsKeyName');
  const named = query.get('name') ?? resource['name'];
  const name = typeof named === 'string' ? named : '';
  checkObjectName(name);
  const contentEncoding = query.get('contentEncoding') ?? '';
  const md5Hash = headers['content-md5'];
  return {
    bucket,
    name,
    fields: {
      ...(contentType === undefined ? {} : { contentType }),
      ...parseObjectFields(resource),
      ...(contentEncoding === '' ? {} : { contentEncoding }),
    },
    expected: {
      ...(md5Hash === undefined ? {} : { md5Hash }),
      ...parseExpectedChecksums(resource),
      ...parseHashHeader(headers['x-goog-hash']),
    },
    conditions: parseConditions(query),
  };
}

function show(object: ObjectRecord, request: StorageRequest): StorageReply {
  return replyJson(200, viewObject(object, request.baseUrl));
}
