import { parseBucketSettings, patchBucketSettings, replaceBucketSettings } from './bucket-settings.js';
import type { JsonObject } from '../../http/json-object.js';
import { checkBucketName } from '../state/names.js';
import { checkConditions } from '../state/preconditions.js';
import { StorageError } from '../state/storage.errors.js';
import type { BucketRecord, Conditions } from '../state/storage-records.js';
import type { StorageState } from '../state/storage-state.js';

/** Buckets: their generation is always 1, as far as conditions are concerned. */
export class BucketStore {
  constructor(private readonly state: StorageState) {}

  async insert(projectId: string, body: JsonObject): Promise<BucketRecord> {
    const name = body['name'];
    if (typeof name !== 'string' || name === '') throw new StorageError('required', 'Required');
    checkBucketName(name);
    const settings = parseBucketSettings(body);
    if (this.state.catalog.bucket(name) !== null) {
      throw new StorageError(
        'conflict',
        'Your previous request to create the named bucket succeeded and you already own it.',
      );
    }
    const time = this.state.timestamp();
    const bucket: BucketRecord = {
      name,
      projectId,
      timeCreated: time,
      updated: time,
      metageneration: 1,
      settings,
    };
    await this.state.commit([{ op: 'bucket', bucket }]);
    return bucket;
  }

  get(name: string, conditions: Conditions): BucketRecord {
    const bucket = this.state.requireBucket(name);
    checkConditions(conditions, { ...bucket, generation: 1 }, 'read');
    return bucket;
  }

  list(projectId: string, prefix: string): readonly BucketRecord[] {
    return this.state.catalog
      .buckets()
      .filter((bucket) => bucket.projectId === projectId && bucket.name.startsWith(prefix));
  }

  patch(name: string, body: JsonObject, conditions: Conditions): Promise<BucketRecord> {
    return this.change(name, conditions, (settings) => patchBucketSettings(settings, body));
  }

  replace(name: string, body: JsonObject, conditions: Conditions): Promise<BucketRecord> {
    return this.change(name, conditions, (settings) => replaceBucketSettings(settings, body));
  }

  async delete(name: string, conditions: Conditions): Promise<void> {
    const bucket = this.state.requireBucket(name);
    checkConditions(conditions, { ...bucket, generation: 1 }, 'write');
    if (this.state.catalog.hasObjects(name)) {
      throw new StorageError('conflict', 'The bucket you tried to delete is not empty.');
    }
    await this.state.commit([{ op: 'bucket-gone', name }]);
  }

  private async change(
    name: string,
    conditions: Conditions,
    next: (settings: JsonObject) => JsonObject,
  ): Promise<BucketRecord> {
    const before = this.state.requireBucket(name);
    checkConditions(conditions, { ...before, generation: 1 }, 'write');
    const bucket: BucketRecord = {
      ...before,
      settings: next(before.settings),
      metageneration: before.metageneration + 1,
      updated: this.state.timestamp(),
    };
    await this.state.commit([{ op: 'bucket', bucket }]);
    return bucket;
  }
}
