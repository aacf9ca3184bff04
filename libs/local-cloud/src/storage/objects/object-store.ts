import type { Readable } from 'node:stream';
import type { ByteRange } from '../state/byte-ranges.js';
import { isVersioned } from '../buckets/bucket-settings.js';
import { takeContent } from './content-intake.js';
import { checkConditions } from '../state/preconditions.js';
import { StorageError, objectNotFound } from '../state/storage.errors.js';
import type {
  Conditions,
  ObjectFields,
  ObjectRecord,
  StateChange,
  StoredContent,
  UploadTarget,
} from '../state/storage-records.js';
import type { StorageState } from '../state/storage-state.js';

/** Names an object; without a generation, the live one. */
export interface ObjectAddress {
  readonly bucket: string;
  readonly name: string;
  readonly generation?: number | undefined;
}

/** Content that becomes an object. */
export interface NewContent {
  readonly content: StoredContent;
  readonly componentCount?: number | null;
  readonly uploadId?: string;
}

/** Objects: every method checks and applies in one step, and returns when the change is kept. */
export class ObjectStore {
  constructor(private readonly state: StorageState) {}

  /** Refuses with `notFound` and, for conditions that fail, with 412 or (reads) 304. */
  find(address: ObjectAddress, conditions: Conditions, access: 'read' | 'write'): ObjectRecord {
    this.state.requireBucket(address.bucket);
    const { catalog } = this.state;
    const object =
      address.generation === undefined
        ? catalog.live(address.bucket, address.name)
        : catalog.version(address.bucket, address.name, address.generation);
    if (object === null) throw objectNotFound(address.bucket, address.name);
    checkConditions(conditions, object, access);
    return object;
  }

  read(object: ObjectRecord, range?: ByteRange): Readable {
    return this.state.contents.read(
      object.content.contentId,
      range ?? { start: 0, end: object.content.size },
    );
  }

  /** Take a whole upload from a stream. */
  async upload(target: UploadTarget, body: AsyncIterable<Uint8Array>): Promise<ObjectRecord> {
    this.checkTarget(target);
    const content = await takeContent(this.state.contents, body, target.expected);
    try {
      return await this.put(target, { content });
    } catch (failure) {
      if (!this.state.catalog.contentIds().has(content.contentId))
        this.state.contents.remove(content.contentId);
      throw failure;
    }
  }

  /** Refuse early what `put` would refuse, before the content is sent. */
  checkTarget(target: UploadTarget): void {
    this.state.requireBucket(target.bucket);
    const live = this.state.catalog.live(target.bucket, target.name);
    checkConditions(target.conditions, live, 'write');
    refuseHeld(live);
  }

  /** Make content the live generation of a name, together with `further` changes. */
  async put(
    target: Omit<UploadTarget, 'expected'>,
    { content, componentCount = null, uploadId }: NewContent,
    further: readonly StateChange[] = [],
  ): Promise<ObjectRecord> {
    const { settings } = this.state.requireBucket(target.bucket);
    const live = this.state.catalog.live(target.bucket, target.name);
    checkConditions(target.conditions, live, 'write');
    refuseHeld(live);
    const time = this.state.timestamp();
    const object: ObjectRecord = {
      bucket: target.bucket,
      name: target.name,
      generation: this.state.catalog.nextGeneration(this.state.now()),
      metageneration: 1,
      content,
      componentCount,
      timeCreated: time,
      updated: time,
      timeDeleted: null,
      fields: {
        contentType: 'application/octet-stream',
        storageClass: String(settings['storageClass']),
        ...(settings['defaultEventBasedHold'] === true ? { eventBasedHold: true } : {}),
        ...target.fields,
      },
    };
    const put: StateChange = { op: 'object', object, ...(uploadId === undefined ? {} : { uploadId }) };
    await this.state.commit([...this.retire(live), put, ...further]);
    return object;
  }

  async changeFields(
    address: ObjectAddress,
    conditions: Conditions,
    next: (fields: ObjectFields) => ObjectFields,
  ): Promise<ObjectRecord> {
    const before = this.find(address, conditions, 'write');
    const object: ObjectRecord = {
      ...before,
      fields: next(before.fields),
      metageneration: before.metageneration + 1,
      updated: this.state.timestamp(),
    };
    await this.state.commit([{ op: 'object', object }]);
    return object;
  }

  /** A named generation goes for good; the live one becomes noncurrent where the bucket keeps versions. */
  async delete(address: ObjectAddress, conditions: Conditions): Promise<void> {
    const object = this.find(address, conditions, 'write');
    refuseHeld(object);
    await this.state.commit(address.generation === undefined ? this.retire(object) : [toGone(object)]);
  }

  /** The changes that take the live generation of a name away. */
  retire(live: ObjectRecord | null): readonly StateChange[] {
    if (live === null) return [];
    if (!isVersioned(this.state.requireBucket(live.bucket).settings)) return [toGone(live)];
    return [{ op: 'object', object: { ...live, timeDeleted: this.state.timestamp() } }];
  }

  /** Every generation in the order of listings; without `versions` only live ones. */
  list(bucket: string, versions: boolean): readonly (ObjectRecord & { readonly name: string })[] {
    this.state.requireBucket(bucket);
    const all = this.state.catalog.versions(bucket);
    return versions ? all : all.filter((object) => object.timeDeleted === null);
  }
}

function toGone({ bucket, name, generation }: ObjectRecord): StateChange {
  return { op: 'object-gone', bucket, name, generation };
}

/** Source: docs.cloud.google.com/storage/docs/object-holds, read 2026-11-22. */
export function refuseHeld(object: ObjectRecord | null): void {
  if (object === null) return;
  const hold =
    object.fields.eventBasedHold === true
      ? 'Event-Based'
      : object.fields.temporaryHold === true
        ? 'Temporary'
        : null;
  if (hold === null) return;
  throw new StorageError(
    'forbidden',
    `Object '${object.bucket}/${object.name}' is under active ${hold} hold and cannot be deleted, overwritten or archived until hold is removed.`,
  );
}
