import type { BucketRoutes } from './bucket-routes.js';
import type { ObjectRoutes } from './object-routes.js';
import { selectFields } from './partial-response.js';
import { StorageError, notSupported } from '../state/storage.errors.js';
import type { StorageReply, StorageRequest } from './storage-exchange.js';

type Answer = StorageReply | Promise<StorageReply>;

/** Parts of the JSON API that exist and are refused with 501, by the segment that follows the bucket or the object. */
const REFUSED: ReadonlySet<string> = new Set([
  'acl',
  'bulkRestore',
  'defaultObjectAcl',
  'folders',
  'iam',
  'lockRetentionPolicy',
  'notificationConfigs',
  'operations',
  'relocate',
  'restore',
  'watch',
]);

/** Everything below `storage/v1`. */
export class JsonRoutes {
  constructor(
    private readonly buckets: BucketRoutes,
    private readonly objects: ObjectRoutes,
  ) {}

  async handle(request: StorageRequest, path: readonly string[]): Promise<StorageReply> {
    const reply = await this.dispatch(request, path);
    const fields = request.query.get('fields');
    if (fields === null || typeof reply.body !== 'string' || reply.body === '') return reply;
    return { ...reply, body: JSON.stringify(selectFields(JSON.parse(reply.body), fields)) };
  }

  private dispatch(request: StorageRequest, path: readonly string[]): Answer {
    const [root, bucket, child, name, ...rest] = path;
    if (root === 'projects') throw notSupported('service accounts and HMAC keys');
    if (root !== 'b') throw notFound();
    if (bucket === undefined) return this.onBuckets(request);
    if (child === undefined) return this.onBucket(request, bucket);
    if (child === 'storageLayout' && name === undefined) return this.buckets.layout(bucket);
    if (child === 'managedFolders' || child === 'anywhereCaches')
      return this.onNeverMade(request, bucket, child);
    if (REFUSED.has(child)) throw notSupported(child);
    if (child !== 'o') throw notFound();
    if (name === undefined) return this.onObjects(request, bucket);
    if (name === 'watch' || name === 'bulkRestore') throw notSupported(name);
    return rest.length === 0
      ? this.onObject(request, bucket, name)
      : this.onAction(request, { bucket, name }, rest);
  }

  private onBuckets(request: StorageRequest): Answer {
    if (request.method === 'GET') return this.buckets.list(request);
    if (request.method === 'POST') return this.buckets.insert(request);
    throw notAllowed(request);
  }

  private onBucket(request: StorageRequest, bucket: string): Answer {
    if (request.method === 'GET') return this.buckets.get(request, bucket);
    if (request.method === 'PATCH' || request.method === 'PUT') return this.buckets.change(request, bucket);
    if (request.method === 'DELETE') return this.buckets.delete(request, bucket);
    throw notAllowed(request);
  }

  /** None can be made, so that the list is empty; command lines and Terraform ask for it before they delete a bucket. */
  private onNeverMade(request: StorageRequest, bucket: string, collection: string): Answer {
    if (request.method !== 'GET') throw notSupported(collection);
    return this.buckets.emptyList(bucket, `storage#${collection}`);
  }

  private onObjects(request: StorageRequest, bucket: string): Answer {
    if (request.method === 'GET') return this.objects.list(request, bucket);
    throw notAllowed(request);
  }

  private onObject(request: StorageRequest, bucket: string, name: string): Answer {
    if (request.method === 'GET') return this.objects.get(request, bucket, name);
    if (request.method === 'PATCH' || request.method === 'PUT')
      return this.objects.change(request, bucket, name);
    if (request.method === 'DELETE') return this.objects.delete(request, bucket, name);
    throw notAllowed(request);
  }

  private onAction(
    request: StorageRequest,
    source: { readonly bucket: string; readonly name: string },
    [action = '', ...where]: readonly string[],
  ): Answer {
    if (REFUSED.has(action)) throw notSupported(action);
    if (!['compose', 'copyTo', 'rewriteTo', 'moveTo'].includes(action)) throw notFound();
    if (request.method !== 'POST') throw notAllowed(request);
    if (action === 'compose' && where.length === 0)
      return this.objects.compose(request, source.bucket, source.name);
    if (action === 'moveTo') {
      const [o, name, ...extra] = where;
      if (o !== 'o' || name === undefined || extra.length > 0) throw notFound();
      return this.objects.move(request, source, { bucket: source.bucket, name });
    }
    const [b, bucket, o, name, ...extra] = where;
    if (b !== 'b' || bucket === undefined || o !== 'o' || name === undefined || extra.length > 0)
      throw notFound();
    return action === 'copyTo'
      ? this.objects.copy(request, source, { bucket, name })
      : this.objects.rewrite(request, source, { bucket, name });
  }
}

function notFound(): StorageError {
  return new StorageError('notFound', 'Not Found');
}

function notAllowed({ method }: StorageRequest): StorageError {
  return new StorageError('methodNotAllowed', `The method ${method} is not allowed here.`);
}
