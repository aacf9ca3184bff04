import type { BucketStore } from '../buckets/bucket-store.js';
import { listPage } from '../objects/list-page.js';
import { parseConditions } from '../state/preconditions.js';
import { toLocationType, viewBucket } from './resource-view.js';
import { parseListOptions } from './list-options.js';
import { StorageError } from '../state/storage.errors.js';
import {
  type StorageReply,
  type StorageRequest,
  readJson,
  replyEmpty,
  replyJson,
} from './storage-exchange.js';

/** `b` and `b/BUCKET` of the JSON API. */
export class BucketRoutes {
  constructor(private readonly buckets: BucketStore) {}

  list(request: StorageRequest): StorageReply {
    const options = parseListOptions(request.query);
    const entries = this.buckets
      .list(requireProject(request), options.prefix)
      .map((bucket) => ({ name: bucket.name, generation: 1, bucket }));
    const page = listPage(entries, { ...options, delimiter: '' });
    return replyJson(200, {
      kind: 'storage#buckets',
      ...(page.nextPageToken === null ? {} : { nextPageToken: page.nextPageToken }),
      ...(page.items.length === 0
        ? {}
        : { items: page.items.map(({ bucket }) => viewBucket(bucket, request.baseUrl)) }),
    });
  }

  async insert(request: StorageRequest): Promise<StorageReply> {
    const projectId = requireProject(request);
    const bucket = await this.buckets.insert(projectId, await readJson(request));
    return replyJson(200, viewBucket(bucket, request.baseUrl));
  }

  get(request: StorageRequest, name: string): StorageReply {
    const bucket = this.buckets.get(name, parseConditions(request.query));
    return replyJson(200, viewBucket(bucket, request.baseUrl));
  }

  layout(name: string): StorageReply {
    const { settings } = this.buckets.get(name, {});
    return replyJson(200, {
      kind: 'storage#storageLayout',
      bucket: name,
      location: settings['location'],
      locationType: toLocationType(settings['location']),
      hierarchicalNamespace: { enabled: false },
    });
  }

  emptyList(name: string, kind: string): StorageReply {
    this.buckets.get(name, {});
    return replyJson(200, { kind });
  }

  async change(request: StorageRequest, name: string): Promise<StorageReply> {
    const body = await readJson(request);
    const conditions = parseConditions(request.query);
    const bucket =
      request.method === 'PUT'
        ? await this.buckets.replace(name, body, conditions)
        : await this.buckets.patch(name, body, conditions);
    return replyJson(200, viewBucket(bucket, request.baseUrl));
  }

  async delete(request: StorageRequest, name: string): Promise<StorageReply> {
    await this.buckets.delete(name, parseConditions(request.query));
    return replyEmpty(204);
  }
}

function requireProject({ query }: StorageRequest): string {
  const projectId = query.get('project') ?? '';
  if (projectId === '') throw new StorageError('required', 'Required parameter: project');
  return projectId;
}
