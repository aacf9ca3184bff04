import { compareUtf8 } from './names.js';
import type { BucketRecord, ObjectRecord, StateChange, UploadRecord } from './storage-records.js';

/** Finished resumable uploads that still answer with their object. */
const FINISHED_UPLOADS_KEPT = 10_000;

interface BucketState {
  record: BucketRecord;
  /** Generations of a name, oldest first; at most the last one is live. */
  readonly versions: Map<string, readonly ObjectRecord[]>;
  sorted: readonly ObjectRecord[] | null;
}

/** All metadata, in memory: a fold over state changes. It decides nothing; the rules are checked before a change. */
export class Catalog {
  private readonly states = new Map<string, BucketState>();
  private readonly references = new Map<string, number>();
  private readonly openUploads = new Map<string, UploadRecord>();
  private readonly finishedUploads = new Map<string, ObjectRecord>();
  private lastGeneration = 0;

  /** Apply changes; returns the ids of content that nothing refers to any more. */
  apply(changes: readonly StateChange[]): readonly string[] {
    const touched = changes.flatMap((change) => this.applyOne(change));
    return touched.filter((contentId) => !this.references.has(contentId));
  }

  bucket(name: string): BucketRecord | null {
    return this.states.get(name)?.record ?? null;
  }

  buckets(): readonly BucketRecord[] {
    return [...this.states.values()].map((state) => state.record).sort((a, b) => compareUtf8(a.name, b.name));
  }

  hasObjects(bucket: string): boolean {
    return (this.states.get(bucket)?.versions.size ?? 0) > 0;
  }

  live(bucket: string, name: string): ObjectRecord | null {
    const last = this.states.get(bucket)?.versions.get(name)?.at(-1);
    return last?.timeDeleted === null ? last : null;
  }

  version(bucket: string, name: string, generation: number): ObjectRecord | null {
    const versions = this.states.get(bucket)?.versions.get(name) ?? [];
    return versions.find((object) => object.generation === generation) ?? null;
  }

  /** Every generation of a bucket in the order of listings. */
  versions(bucket: string): readonly ObjectRecord[] {
    const state = this.states.get(bucket);
    if (state === undefined) return [];
    state.sorted ??= [...state.versions]
      .sort(([a], [b]) => compareUtf8(a, b))
      .flatMap(([, versions]) => versions);
    return state.sorted;
  }

  upload(id: string): UploadRecord | null {
    return this.openUploads.get(id) ?? null;
  }

  finishedUpload(id: string): ObjectRecord | null {
    return this.finishedUploads.get(id) ?? null;
  }

  /** Microseconds since the epoch, always more than any before. */
  nextGeneration(nowMs: number): number {
    this.lastGeneration = Math.max(this.lastGeneration + 1, nowMs * 1000);
    return this.lastGeneration;
  }

  contentIds(): ReadonlySet<string> {
    return new Set([
      ...this.references.keys(),
      ...[...this.openUploads.values()].map((upload) => upload.contentId),
    ]);
  }

  /** The shortest list of changes that leads here. */
  *snapshot(): Generator<StateChange, void, undefined> {
    const uploadOf = new Map([...this.finishedUploads].map(([id, object]) => [object.generation, id]));
    for (const { record, versions } of this.states.values()) {
      yield { op: 'bucket', bucket: record };
      for (const object of [...versions.values()].flat()) {
        const uploadId = uploadOf.get(object.generation);
        yield { op: 'object', object, ...(uploadId === undefined ? {} : { uploadId }) };
      }
    }
    for (const upload of this.openUploads.values()) yield { op: 'upload', upload };
  }

  private applyOne(change: StateChange): readonly string[] {
    switch (change.op) {
      case 'bucket':
        return this.putBucket(change.bucket);
      case 'bucket-gone':
        this.states.delete(change.name);
        return [];
      case 'object':
        if (change.uploadId !== undefined) this.finishUpload(change.uploadId, change.object);
        return this.replaceVersion(
          change.object.bucket,
          change.object.name,
          change.object.generation,
          change.object,
        );
      case 'object-gone':
        return this.replaceVersion(change.bucket, change.name, change.generation, null);
      case 'upload':
        this.openUploads.set(change.upload.id, change.upload);
        return [];
      case 'upload-gone': {
        const contentId = this.openUploads.get(change.id)?.contentId;
        this.openUploads.delete(change.id);
        return contentId === undefined ? [] : [contentId];
      }
    }
  }

  private putBucket(record: BucketRecord): readonly string[] {
    const state = this.states.get(record.name);
    if (state === undefined) this.states.set(record.name, { record, versions: new Map(), sorted: null });
    else state.record = record;
    return [];
  }

  private replaceVersion(
    bucket: string,
    name: string,
    generation: number,
    next: ObjectRecord | null,
  ): readonly string[] {
    const state = this.states.get(bucket);
    if (state === undefined) return [];
    const before = state.versions.get(name) ?? [];
    const previous = before.find((object) => object.generation === generation);
    const others = before.filter((object) => object.generation !== generation);
    const after = next === null ? others : [...others, next].sort((a, b) => a.generation - b.generation);
    if (after.length === 0) state.versions.delete(name);
    else state.versions.set(name, after);
    state.sorted = null;
    this.lastGeneration = Math.max(this.lastGeneration, generation);
    if (next !== null) this.count(next.content.contentId, 1);
    if (previous !== undefined) this.count(previous.content.contentId, -1);
    return previous === undefined ? [] : [previous.content.contentId];
  }

  private count(contentId: string, difference: number): void {
    const references = (this.references.get(contentId) ?? 0) + difference;
    if (references === 0) this.references.delete(contentId);
    else this.references.set(contentId, references);
  }

  private finishUpload(id: string, object: ObjectRecord): void {
    this.openUploads.delete(id);
    this.finishedUploads.set(id, object);
    const [oldest] = this.finishedUploads.keys();
    if (this.finishedUploads.size > FINISHED_UPLOADS_KEPT && oldest !== undefined)
      this.finishedUploads.delete(oldest);
  }
}
