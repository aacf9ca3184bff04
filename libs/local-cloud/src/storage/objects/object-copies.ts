import type { Readable } from 'node:stream';
import { takeContent } from './content-intake.js';
import { checkConditions, parseCount } from '../state/preconditions.js';
import { type JsonObject, isJsonObject } from '../../http/json-object.js';
import { type ObjectAddress, type ObjectStore, refuseHeld } from './object-store.js';
import { StorageError } from '../state/storage.errors.js';
import type { Conditions, ObjectFields, ObjectRecord } from '../state/storage-records.js';
import type { StorageState } from '../state/storage-state.js';

/** Source: docs.cloud.google.com/storage/docs/composite-objects, read 2026-11-22. */
const MAX_COMPONENTS = 32;
const MEBIBYTE = 1024 * 1024;

export interface CopyRequest {
  readonly source: ObjectAddress;
  readonly sourceConditions: Conditions;
  readonly destination: { readonly bucket: string; readonly name: string };
  readonly conditions: Conditions;
  /** Null: the fields of the source are copied. */
  readonly fields: ObjectFields | null;
}

/** Progress of a rewrite; `token` continues it. */
export type RewriteProgress =
  | { readonly kind: 'done'; readonly object: ObjectRecord }
  | { readonly kind: 'partial'; readonly rewritten: number; readonly size: number; readonly token: string };

/** A component of a composition as the body names it. */
export interface Component {
  readonly name: string;
  readonly generation: number | undefined;
  readonly generationMatch: number | undefined;
}

/** Copies, rewrites, moves and compositions. A copy shares the content of its source. */
export class ObjectCopies {
  constructor(
    private readonly state: StorageState,
    private readonly objects: ObjectStore,
  ) {}

  copy(request: CopyRequest): Promise<ObjectRecord> {
    const source = this.objects.find(request.source, request.sourceConditions, 'write');
    return this.putCopy(source, request);
  }

  /**
   * `rewriteTo`: in one step, unless the copy crosses locations or storage classes and `maxBytes` is given.
   * Limits: `maxBytes` is a multiple of 1 MiB. Refuses with `invalid` a token of another rewrite.
   * Source: docs.cloud.google.com/storage/docs/json_api/v1/objects/rewrite, read 2026-11-22.
   */
  async rewrite(
    request: CopyRequest,
    maxBytes: number | undefined,
    token: string | null,
  ): Promise<RewriteProgress> {
    const source = this.objects.find(request.source, request.sourceConditions, 'write');
    const destination = this.state.requireBucket(request.destination.bucket);
    if (maxBytes !== undefined && (maxBytes === 0 || maxBytes % MEBIBYTE !== 0)) {
      throw new StorageError('invalid', 'maxBytesRewrittenPerCall must be a multiple of 1048576.');
    }
    const { size } = source.content;
    const call = [source.bucket, source.name, source.generation, destination.name, request.destination.name];
    const before = token === null ? 0 : parseToken(token, call);
    const storageClass = request.fields?.storageClass ?? source.fields.storageClass;
    const local =
      destination.settings['location'] === this.state.requireBucket(source.bucket).settings['location'] &&
      storageClass === source.fields.storageClass;
    const rewritten = local || maxBytes === undefined ? size : Math.min(size, before + maxBytes);
    if (rewritten >= size) return { kind: 'done', object: await this.putCopy(source, request) };
    checkConditions(
      request.conditions,
      this.state.catalog.live(request.destination.bucket, request.destination.name),
      'write',
    );
    return { kind: 'partial', rewritten, size, token: toToken(call, rewritten) };
  }

  /** `moveTo`: the copy appears and the source goes in one step. */
  async move(request: CopyRequest): Promise<ObjectRecord> {
    const source = this.objects.find(request.source, request.sourceConditions, 'write');
    refuseHeld(source);
    if (source.name === request.destination.name) {
      throw new StorageError('invalid', 'The source and the destination of a move are the same.');
    }
    return this.objects.put(
      { ...request.destination, conditions: request.conditions, fields: source.fields },
      { content: source.content, componentCount: source.componentCount },
      this.objects.retire(source),
    );
  }

  /** Limits: 1–32 components. The new object has no MD5. */
  async compose(
    destination: { readonly bucket: string; readonly name: string },
    components: readonly Component[],
    { fields, conditions }: { readonly fields: ObjectFields; readonly conditions: Conditions },
  ): Promise<ObjectRecord> {
    if (components.length === 0) {
      throw new StorageError('required', 'You must provide at least one source component.');
    }
    if (components.length > MAX_COMPONENTS) {
      throw new StorageError(
        'invalid',
        `The number of source components provided (${components.length}) exceeds the maximum (${MAX_COMPONENTS}).`,
      );
    }
    const target = { ...destination, fields, conditions, expected: {} };
    this.objects.checkTarget(target);
    const sources = components.map(({ name, generation, generationMatch }) =>
      this.objects.find(
        { bucket: destination.bucket, name, generation },
        generationMatch === undefined ? {} : { generationMatch },
        'write',
      ),
    );
    const content = await takeContent(
      this.state.contents,
      concatenate(sources.map((s) => this.objects.read(s))),
      {},
    );
    const componentCount = sources.reduce((sum, source) => sum + (source.componentCount ?? 1), 0);
    try {
      return await this.objects.put(target, { content: { ...content, md5Hash: null }, componentCount });
    } catch (failure) {
      if (!this.state.catalog.contentIds().has(content.contentId))
        this.state.contents.remove(content.contentId);
      throw failure;
    }
  }

  private putCopy(source: ObjectRecord, request: CopyRequest): Promise<ObjectRecord> {
    const { contentType } = source.fields;
    const fields =
      request.fields === null
        ? withoutHolds(source.fields)
        : { ...(contentType === undefined ? {} : { contentType }), ...request.fields };
    return this.objects.put(
      { ...request.destination, conditions: request.conditions, fields },
      { content: source.content, componentCount: source.componentCount },
    );
  }
}

function withoutHolds(fields: ObjectFields): ObjectFields {
  return Object.fromEntries(
    Object.entries(fields).filter(([key]) => key !== 'temporaryHold' && key !== 'eventBasedHold'),
  );
}

/** Read `sourceObjects` of a composition. Refuses with `invalid`. */
export function parseComponents(sourceObjects: unknown): readonly Component[] {
  if (!Array.isArray(sourceObjects)) return [];
  return sourceObjects.map((item: unknown) => {
    const name = isJsonObject(item) ? item['name'] : undefined;
    if (!isJsonObject(item) || typeof name !== 'string' || name === '') {
      throw new StorageError('required', 'Each source object needs a name.');
    }
    const conditions: JsonObject = isJsonObject(item['objectPreconditions'])
      ? item['objectPreconditions']
      : {};
    return {
      name,
      generation: parseCount(item['generation'], 'generation'),
      generationMatch: parseCount(conditions['ifGenerationMatch'], 'ifGenerationMatch'),
    };
  });
}

async function* concatenate(streams: readonly Readable[]): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for (const stream of streams) yield* stream as AsyncIterable<Uint8Array>;
  } finally {
    for (const stream of streams) stream.destroy();
  }
}

function toToken(call: readonly unknown[], rewritten: number): string {
  return Buffer.from(JSON.stringify([...call, rewritten])).toString('base64url');
}

function parseToken(token: string, call: readonly unknown[]): number {
  const text = Buffer.from(token, 'base64url').toString();
  const start = `${JSON.stringify(call).slice(0, -1)},`;
  const rewritten = Number(text.slice(start.length, -1));
  if (text.startsWith(start) && Number.isSafeInteger(rewritten)) return rewritten;
  throw new StorageError('invalid', 'Invalid rewrite token.');
}
