import { randomUUID } from 'node:crypto';
import { type BatchAnswer, type BatchCall, parseBatch, renderBatch } from './batch-message.js';
import { BucketRoutes } from './bucket-routes.js';
import { BucketStore } from '../buckets/bucket-store.js';
import { JsonRoutes } from './json-routes.js';
import { parseBoundary } from '../../http/multipart-related.js';
import { ObjectCopies } from '../objects/object-copies.js';
import { ObjectRoutes } from './object-routes.js';
import { ObjectStore } from '../objects/object-store.js';
import { StorageError, notSupported, toErrorBody } from '../state/storage.errors.js';
import {
  type StorageReply,
  type StorageRequest,
  parseTarget,
  readText,
  replyEmpty,
  replyJson,
  toMethod,
} from './storage-exchange.js';
import type { StorageState } from '../state/storage-state.js';
import { UploadRoutes } from './upload-routes.js';
import { UploadSessions } from '../uploads/upload-sessions.js';
import { toXmlError } from './xml-error.js';

/** All of the service behind one function from request to reply; it never throws. */
export class StorageRouter {
  readonly objects: ObjectStore;
  readonly sessions: UploadSessions;
  private readonly json: JsonRoutes;
  private readonly media: ObjectRoutes;
  private readonly uploads: UploadRoutes;

  constructor(state: StorageState) {
    this.objects = new ObjectStore(state);
    this.sessions = new UploadSessions(state, this.objects);
    this.media = new ObjectRoutes(this.objects, new ObjectCopies(state, this.objects));
    this.json = new JsonRoutes(new BucketRoutes(new BucketStore(state)), this.media);
    this.uploads = new UploadRoutes(this.objects, this.sessions);
  }

  async handle(request: StorageRequest): Promise<StorageReply> {
    try {
      return await this.dispatch(request);
    } catch (failure) {
      return toErrorReply(StorageError.from(failure), isXml(request.path));
    }
  }

  private dispatch(request: StorageRequest): StorageReply | Promise<StorageReply> {
    const { path } = request;
    if (path[0] === 'batch') return this.batch(request);
    const api = ['upload', 'download'].find((prefix) => startsWith(path, [prefix, 'storage', 'v1', 'b']));
    if (api !== undefined) return this.onMedia(request, api, path.slice(4));
    if (startsWith(path, ['resumable', 'upload', 'storage', 'v1', 'b'])) {
      return this.onMedia(request, 'upload', path.slice(5));
    }
    if (startsWith(path, ['storage', 'v1'])) return this.json.handle(request, path.slice(2));
    // The Node client with STORAGE_EMULATOR_HOST leaves `/storage/v1` out; no bucket can be called `b`.
    if (path[0] === 'b') return this.json.handle(request, path);
    const [bucket = '', ...name] = path;
    if (request.method !== 'GET' || bucket === '' || name.join('/') === '') {
      throw notSupported('this request of the XML API');
    }
    return this.media.download(request, bucket, name.join('/'), 'xml');
  }

  private onMedia(
    request: StorageRequest,
    api: string,
    [bucket = '', o, name, ...rest]: readonly string[],
  ): StorageReply | Promise<StorageReply> {
    if (o === 'o' && rest.length === 0) {
      if (api === 'upload' && name === undefined) return this.uploads.handle(request, bucket);
      if (api === 'download' && name !== undefined && request.method === 'GET') {
        return request.query.get('alt') === 'json'
          ? this.media.get(request, bucket, name)
          : this.media.download(request, bucket, name, 'json');
      }
    }
    throw new StorageError('notFound', 'Not Found');
  }

  /** The calls run one after the other; uploads and downloads are not allowed inside. */
  private async batch(request: StorageRequest): Promise<StorageReply> {
    if (request.method !== 'POST') throw new StorageError('methodNotAllowed', 'A batch is sent by POST.');
    const calls = parseBatch(await readText(request), parseBoundary(request.headers['content-type']));
    const answers: BatchAnswer[] = [];
    for (const call of calls) answers.push(await this.answerCall(call, request));
    const boundary = `batch_${randomUUID()}`;
    return {
      status: 200,
      headers: { 'content-type': `multipart/mixed; boundary=${boundary}` },
      body: renderBatch(answers, boundary),
    };
  }

  private async answerCall(call: BatchCall, outer: StorageRequest): Promise<BatchAnswer> {
    const reply = await this.runCall(call, outer);
    if (typeof reply.body === 'string') {
      return { contentId: call.contentId, status: reply.status, headers: reply.headers, body: reply.body };
    }
    reply.body.destroy();
    const refusal = new StorageError('badRequest', 'A batch cannot hold downloads.');
    const body = JSON.stringify(toErrorBody(refusal));
    return { contentId: call.contentId, status: refusal.status, headers: {}, body };
  }

  private async runCall(call: BatchCall, outer: StorageRequest): Promise<StorageReply> {
    try {
      const { path, query } = parseTarget(call.url);
      if (!startsWith(path, ['storage', 'v1'])) {
        throw new StorageError('badRequest', 'A batch holds only calls below /storage/v1.');
      }
      const bytes = Buffer.from(call.body);
      const method = toMethod(call.method, call.headers['x-http-method-override']);
      const body: AsyncIterable<Uint8Array> = toChunks(bytes);
      return await this.json.handle(
        { ...outer, method, path, query, headers: call.headers, body },
        path.slice(2),
      );
    } catch (failure) {
      return toErrorReply(StorageError.from(failure), false);
    }
  }
}

async function* toChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  await Promise.resolve();
  yield bytes;
}

export function toErrorReply(error: StorageError, xml: boolean): StorageReply {
  if (error.status === 304) return replyEmpty(304, error.headers);
  if (!xml) return replyJson(error.status, toErrorBody(error), error.headers);
  return {
    status: error.status,
    headers: { 'content-type': 'application/xml; charset=UTF-8', ...error.headers },
    body: toXmlError(error),
  };
}

function isXml(path: readonly string[]): boolean {
  return !['storage', 'upload', 'download', 'resumable', 'batch', 'b'].includes(path[0] ?? '');
}

function startsWith(path: readonly string[], start: readonly string[]): boolean {
  return start.every((segment, at) => path[at] === segment);
}
