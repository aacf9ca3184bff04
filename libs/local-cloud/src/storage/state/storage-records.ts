import type { JsonObject } from '../../http/json-object.js';

/** A bucket as it is kept: the settings are the writable part of the resource, as the client gave them. */
export interface BucketRecord {
  readonly name: string;
  readonly projectId: string;
  readonly timeCreated: string;
  readonly updated: string;
  readonly metageneration: number;
  readonly settings: JsonObject;
}

/** Fields of an object that a client may set. */
export interface ObjectFields {
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly contentLanguage?: string;
  readonly contentDisposition?: string;
  readonly cacheControl?: string;
  readonly storageClass?: string;
  readonly customTime?: string;
  readonly temporaryHold?: boolean;
  readonly eventBasedHold?: boolean;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The content of an object: `contentId` names it in the content store, sizes are bytes, hashes base64. */
export interface StoredContent {
  readonly contentId: string;
  readonly size: number;
  readonly crc32c: string;
  /** Null for composed objects, which have no MD5. */
  readonly md5Hash: string | null;
}

/** One generation of an object. `generation` is microseconds since the epoch and never repeats. */
export interface ObjectRecord {
  readonly bucket: string;
  readonly name: string;
  readonly generation: number;
  readonly metageneration: number;
  readonly content: StoredContent;
  readonly componentCount: number | null;
  readonly timeCreated: string;
  readonly updated: string;
  /** Set when the generation became noncurrent. */
  readonly timeDeleted: string | null;
  readonly fields: ObjectFields;
}

/** Checksums a client announced, base64; checked before the object becomes visible. */
export interface ExpectedChecksums {
  readonly crc32c?: string;
  readonly md5Hash?: string;
}

/** Preconditions on generation and metageneration. */
export interface Conditions {
  readonly generationMatch?: number;
  readonly generationNotMatch?: number;
  readonly metagenerationMatch?: number;
  readonly metagenerationNotMatch?: number;
}

/** Target of an upload. */
export interface UploadTarget {
  readonly bucket: string;
  readonly name: string;
  readonly fields: ObjectFields;
  readonly expected: ExpectedChecksums;
  readonly conditions: Conditions;
}

/** A resumable upload session that is under way. */
export interface UploadRecord {
  readonly id: string;
  readonly contentId: string;
  readonly target: UploadTarget;
}

/** One change of state; the changes of one request are kept or lost together. */
export type StateChange =
  | { readonly op: 'bucket'; readonly bucket: BucketRecord }
  | { readonly op: 'bucket-gone'; readonly name: string }
  | { readonly op: 'object'; readonly object: ObjectRecord; readonly uploadId?: string }
  | {
      readonly op: 'object-gone';
      readonly bucket: string;
      readonly name: string;
      readonly generation: number;
    }
  | { readonly op: 'upload'; readonly upload: UploadRecord }
  | { readonly op: 'upload-gone'; readonly id: string };
