import { isJsonObject } from '../../http/json-object.js';
import { listPage } from '../objects/list-page.js';
import { parseListOptions } from './list-options.js';
import { replyMedia } from './media-reply.js';
import { checkObjectName } from '../state/names.js';
import { parseComponents, type ObjectCopies, type CopyRequest } from '../objects/object-copies.js';
import { parseObjectFields, patchObjectFields, replaceObjectFields } from '../objects/object-fields.js';
import type { ObjectAddress, ObjectStore } from '../objects/object-store.js';
import { conditionNotMet, parseConditions, parseCount } from '../state/preconditions.js';
import { toEtag, viewObject } from './resource-view.js';
import { StorageError } from '../state/storage.errors.js';
import type { ObjectRecord } from '../state/storage-records.js';
import {
  type StorageReply,
  type StorageRequest,
  readJson,
  replyEmpty,
  replyJson,
} from './storage-exchange.js';

/** `b/BUCKET/o` and below, without uploads. */
export class ObjectRoutes {
  constructor(
    private readonly objects: ObjectStore,
    private readonly copies: ObjectCopies,
  ) {}

  list(request: StorageRequest, bucket: string): StorageReply {
    const versions = request.query.get('versions') === 'true';
    const page = listPage(this.objects.list(bucket, versions), parseListOptions(request.query));
    const items = page.items.map((object) => viewObject(object, request.baseUrl));
    return replyJson(200, {
      kind: 'storage#objects',
      ...(page.nextPageToken === null ? {} : { nextPageToken: page.nextPageToken }),
      ...(page.prefixes.length === 0 ? {} : { prefixes: page.prefixes }),
      ...(items.length === 0 ? {} : { items }),
    });
  }

  get(request: StorageRequest, bucket: string, name: string): StorageReply {
    if (request.query.get('alt') === 'media') return this.download(request, bucket, name, 'json');
    const object = this.find(request, { bucket, name });
    checkEntityTags(request, toEtag(object.generation, object.metageneration));
    return this.show(object, request);
  }

  download(request: StorageRequest, bucket: string, name: string, api: 'json' | 'xml'): StorageReply {
    const object = this.find(request, { bucket, name });
    const md5 = object.content.md5Hash;
    const etag =
      api === 'json' || md5 === null
        ? toEtag(object.generation, object.metageneration)
        : `"${Buffer.from(md5, 'base64').toString('hex')}"`;
    checkEntityTags(request, etag);
    return replyMedia(object, (range) => this.objects.read(object, range), {
      range: request.headers['range'],
      acceptEncoding: request.headers['accept-encoding'],
      withMetadata: api === 'xml',
      etag,
    });
  }

  async change(request: StorageRequest, bucket: string, name: string): Promise<StorageReply> {
    const body = await readJson(request);
    const next = request.method === 'PUT' ? replaceObjectFields : patchObjectFields;
    const address = { bucket, name, generation: parseCount(request.query.get('generation'), 'generation') };
    const object = await this.objects.changeFields(address, parseConditions(request.query), (fields) =>
      next(fields, body),
    );
    return this.show(object, request);
  }

  async delete(request: StorageRequest, bucket: string, name: string): Promise<StorageReply> {
    const generation = parseCount(request.query.get('generation'), 'generation');
    await this.objects.delete({ bucket, name, generation }, parseConditions(request.query));
    return replyEmpty(204);
  }

  async compose(request: StorageRequest, bucket: string, name: string): Promise<StorageReply> {
    checkObjectName(name);
    const body = await readJson(request);
    const destination = isJsonObject(body['destination']) ? body['destination'] : {};
    const object = await this.copies.compose({ bucket, name }, parseComponents(body['sourceObjects']), {
      fields: parseObjectFields(destination),
      conditions: parseConditions(request.query),
    });
    return this.show(object, request);
  }

  async copy(
    request: StorageRequest,
    source: ObjectAddress,
    destination: CopyRequest['destination'],
  ): Promise<StorageReply> {
    return this.show(await this.copies.copy(await this.readCopy(request, source, destination)), request);
  }

  async move(
    request: StorageRequest,
    source: ObjectAddress,
    destination: CopyRequest['destination'],
  ): Promise<StorageReply> {
    return this.show(await this.copies.move(await this.readCopy(request, source, destination)), request);
  }

  async rewrite(
    request: StorageRequest,
    source: ObjectAddress,
    destination: CopyRequest['destination'],
  ): Promise<StorageReply> {
    const copy = await this.readCopy(request, source, destination);
    const maxBytes = parseCount(request.query.get('maxBytesRewrittenPerCall'), 'maxBytesRewrittenPerCall');
    const progress = await this.copies.rewrite(copy, maxBytes, request.query.get('rewriteToken') || null);
    if (progress.kind === 'partial') {
      return replyJson(200, {
        kind: 'storage#rewriteResponse',
        totalBytesRewritten: String(progress.rewritten),
        objectSize: String(progress.size),
        done: false,
        rewriteToken: progress.token,
      });
    }
    const size = String(progress.object.content.size);
    return replyJson(200, {
      kind: 'storage#rewriteResponse',
      totalBytesRewritten: size,
      objectSize: size,
      done: true,
      resource: viewObject(progress.object, request.baseUrl),
    });
  }

  private find(request: StorageRequest, address: ObjectAddress): ObjectRecord {
    const generation = parseCount(request.query.get('generation'), 'generation');
    return this.objects.find({ ...address, generation }, parseConditions(request.query), 'read');
  }

  private show(object: ObjectRecord, request: StorageRequest): StorageReply {
    const etag = toEtag(object.generation, object.metageneration);
    return replyJson(200, viewObject(object, request.baseUrl), { etag });
  }

  private async readCopy(
    request: StorageRequest,
    source: ObjectAddress,
    destination: CopyRequest['destination'],
  ): Promise<CopyRequest> {
    checkObjectName(destination.name);
    const body = await readJson(request);
    const generation = parseCount(request.query.get('sourceGeneration'), 'sourceGeneration');
    return {
      source: { ...source, generation },
      sourceConditions: parseConditions(request.query, 'ifSource'),
      destination,
      conditions: parseConditions(request.query),
      fields: Object.keys(body).length === 0 ? null : parseObjectFields(body),
    };
  }
}

/** `If-Match` and `If-None-Match` of a read. */
function checkEntityTags({ headers }: StorageRequest, etag: string): void {
  const names = (header: string | undefined): boolean =>
    header !== undefined && header.split(',').some((tag) => ['*', etag].includes(tag.trim()));
  if (headers['if-match'] !== undefined && !names(headers['if-match'])) throw conditionNotMet();
  if (names(headers['if-none-match'])) throw new StorageError('notModified', 'Not Modified');
}
