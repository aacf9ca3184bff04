import type { Body, Call, ControlPlane } from './control-plane.js';
import { Refusal } from './discovery.js';

interface StoredObject {
  readonly content: Buffer;
  readonly generation: number;
}

/** Cloud Storage: buckets with their policies, and objects in memory. */
export class Buckets {
  readonly #buckets = new Map<string, Body>();
  readonly #objects = new Map<string, StoredObject>();
  #generation = 1000;

  constructor(private readonly plane: ControlPlane) {}

  has(bucket: string): boolean {
    return this.#buckets.has(bucket);
  }

  bucket(name: string): Body {
    const found = this.#buckets.get(name);
    if (found === undefined) throw new Refusal(404, 'NOT_FOUND', 'The specified bucket does not exist.');
    return found;
  }

  object(bucket: string, name: string): StoredObject | undefined {
    return this.#objects.get(`${bucket}/${name}`);
  }

  put(bucket: string, name: string, content: Buffer): Body {
    this.bucket(bucket);
    const generation = (this.#generation += 1);
    this.#objects.set(`${bucket}/${name}`, { content, generation });
    return this.#meta(bucket, name);
  }

  remove(bucket: string, name: string): void {
    if (!this.#objects.delete(`${bucket}/${name}`))
      throw new Refusal(404, 'NOT_FOUND', `No such object: ${bucket}/${name}`);
  }

  requireObject(url: string): void {
    const [, bucket = '', name = ''] = /^gs:\/\/([^/]+)\/(.+)$/.exec(url) ?? [];
    if (this.object(bucket, name) === undefined)
      throw new Refusal(400, 'INVALID_ARGUMENT', `Template file ${url} does not exist.`);
  }

  require(member: string, methodId: string, bucket: string): void {
    this.plane.iam.require(member, methodId, [`buckets/${bucket}`, `projects/${this.plane.project}`]);
  }

  create(body: Body): Body {
    const name = String(body['name']);
    if (this.#buckets.has(name))
      throw new Refusal(
        409,
        'CONFLICT',
        'Your previous request to create the named bucket succeeded and you already own it.',
      );
    this.#buckets.set(name, {
      kind: 'storage#bucket',
      id: name,
      storageClass: 'STANDARD',
      projectNumber: '123456789012',
      timeCreated: '2026-11-29T00:00:00Z',
      ...body,
      location: String(body['location']).toUpperCase(),
    });
    return this.bucket(name);
  }

  /** The XML interface, by which Google's own clients download: `GET /BUCKET/OBJECT`. */
  download({ path, member }: Call): Buffer | undefined {
    const [, bucket = '', name = ''] = /^\/([^/]+)\/(.+)$/.exec(decodeURIComponent(path)) ?? [];
    this.require(member, 'storage.objects.get', bucket);
    this.#meta(bucket, name);
    return this.object(bucket, name)?.content;
  }

  answer(methodId: string, call: Call): unknown {
    const [, bucket = '', rest = ''] =
      /^\/(?:upload\/)?storage\/v1\/b\/?([^/]*)\/?(.*)$/.exec(call.path) ?? [];
    this.require(call.member, methodId, bucket);
    const objectName = decodeURIComponent(rest.replace(/^o\/?/, ''));
    switch (methodId) {
      case 'storage.buckets.insert':
        return this.create(call.body);
      case 'storage.buckets.get':
      case 'storage.buckets.getStorageLayout':
        return this.bucket(bucket);
      case 'storage.buckets.patch':
      case 'storage.buckets.update':
        return Object.assign(this.bucket(bucket), call.body);
      case 'storage.buckets.delete':
        return this.#deleteBucket(bucket);
      case 'storage.buckets.getIamPolicy':
        this.bucket(bucket);
        return this.plane.iam.policy(`buckets/${bucket}`);
      case 'storage.buckets.setIamPolicy':
        return this.plane.iam.setPolicy(`buckets/${bucket}`, call.body);
      case 'storage.objects.get':
        return this.#get(bucket, objectName, call);
      case 'storage.objects.insert':
        return this.#insert(bucket, call);
      case 'storage.objects.delete':
        return this.#delete(bucket, objectName, call);
      case 'storage.objects.list':
        return this.#list(bucket, call.query.get('prefix') ?? '');
      default:
        throw new Refusal(501, 'UNIMPLEMENTED', `${methodId} is not simulated.`);
    }
  }

  #meta(bucket: string, name: string): Body {
    const found = this.object(bucket, name);
    if (found === undefined) throw new Refusal(404, 'NOT_FOUND', `No such object: ${bucket}/${name}`);
    return {
      kind: 'storage#object',
      bucket,
      name,
      generation: String(found.generation),
      metageneration: '1',
      size: String(found.content.length),
    };
  }

  #get(bucket: string, name: string, call: Call): unknown {
    this.bucket(bucket);
    const meta = this.#meta(bucket, name);
    return call.query.get('alt') === 'media' ? this.object(bucket, name)?.content : meta;
  }

  #insert(bucket: string, call: Call): Body {
    const { name, content } = call.body as { name: string; content: Buffer };
    this.#requireGeneration(call, this.object(bucket, name)?.generation ?? 0);
    return this.put(bucket, name, content);
  }

  #delete(bucket: string, name: string, call: Call): Body {
    this.#requireGeneration(call, Number(this.#meta(bucket, name)['generation']));
    this.remove(bucket, name);
    return {};
  }

  /** 0: the object must not exist. Source: storage.v1's discovery document, read 2026-11-29. */
  #requireGeneration({ query }: Call, generation: number): void {
    const wanted = query.get('ifGenerationMatch');
    if (wanted === null || Number(wanted) === generation) return;
    throw new Refusal(
      412,
      'FAILED_PRECONDITION',
      'At least one of the pre-conditions you specified did not hold.',
    );
  }

  #names(bucket: string, prefix: string): readonly string[] {
    return [...this.#objects.keys()]
      .filter((key) => key.startsWith(`${bucket}/${prefix}`))
      .map((key) => key.slice(bucket.length + 1));
  }

  #list(bucket: string, prefix: string): Body {
    this.bucket(bucket);
    return {
      kind: 'storage#objects',
      items: this.#names(bucket, prefix).map((name) => this.#meta(bucket, name)),
    };
  }

  #deleteBucket(bucket: string): Body {
    this.bucket(bucket);
    if (this.#names(bucket, '').length > 0)
      throw new Refusal(409, 'CONFLICT', 'The bucket you tried to delete is not empty.');
    this.#buckets.delete(bucket);
    this.plane.iam.forget(`buckets/${bucket}`);
    return {};
  }
}
