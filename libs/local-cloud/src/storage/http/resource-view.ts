import { crc32c } from '@node-rs/crc32';
import { type JsonObject, isJsonObject } from '../../http/json-object.js';
import type { BucketRecord, ObjectRecord } from '../state/storage-records.js';

const MULTI_REGIONS: ReadonlySet<string> = new Set(['US', 'EU', 'ASIA']);
const DUAL_REGIONS: ReadonlySet<string> = new Set(['ASIA1', 'EUR4', 'EUR5', 'EUR7', 'EUR8', 'NAM4']);

/**
 * The bucket resource as the JSON API shows it; `baseUrl` is `http://host:port`.
 * Source: docs.cloud.google.com/storage/docs/json_api/v1/buckets#resource, read 2026-11-22.
 */
export function viewBucket(bucket: BucketRecord, baseUrl: string): JsonObject {
  return {
    kind: 'storage#bucket',
    id: bucket.name,
    selfLink: `${baseUrl}/storage/v1/b/${bucket.name}`,
    name: bucket.name,
    projectNumber: toProjectNumber(bucket.projectId),
    timeCreated: bucket.timeCreated,
    updated: bucket.updated,
    generation: '1',
    metageneration: String(bucket.metageneration),
    etag: toEtag(1, bucket.metageneration),
    locationType: toLocationType(bucket.settings['location']),
    ...bucket.settings,
    iamConfiguration: viewIamConfiguration(bucket.settings['iamConfiguration']),
    softDeletePolicy: bucket.settings['softDeletePolicy'] ?? { retentionDurationSeconds: '0' },
  };
}

/**
 * The object resource as the JSON API shows it.
 * Source: docs.cloud.google.com/storage/docs/json_api/v1/objects#resource, read 2026-11-22.
 */
export function viewObject(object: ObjectRecord, baseUrl: string): JsonObject {
  const path = `b/${object.bucket}/o/${encodeURIComponent(object.name)}`;
  return {
    kind: 'storage#object',
    id: `${object.bucket}/${object.name}/${object.generation}`,
    selfLink: `${baseUrl}/storage/v1/${path}`,
    mediaLink: `${baseUrl}/download/storage/v1/${path}?generation=${object.generation}&alt=media`,
    name: object.name,
    bucket: object.bucket,
    generation: String(object.generation),
    metageneration: String(object.metageneration),
    storageClass: 'STANDARD',
    ...object.fields,
    size: String(object.content.size),
    crc32c: object.content.crc32c,
    ...(object.content.md5Hash === null ? {} : { md5Hash: object.content.md5Hash }),
    ...(object.componentCount === null ? {} : { componentCount: object.componentCount }),
    etag: toEtag(object.generation, object.metageneration),
    timeCreated: object.timeCreated,
    updated: object.updated,
    timeStorageClassUpdated: object.timeCreated,
    timeFinalized: object.timeCreated,
    ...(object.timeDeleted === null ? {} : { timeDeleted: object.timeDeleted }),
  };
}

/** An opaque tag that changes with every generation and metageneration. */
export function toEtag(generation: number, metageneration: number): string {
  const bytes = Buffer.alloc(12);
  bytes.writeBigUInt64BE(BigInt(generation));
  bytes.writeUInt32BE(metageneration, 8);
  return bytes.toString('base64');
}

/** A stable number for a project name; the real one is given by the service. */
function toProjectNumber(projectId: string): string {
  return String(100_000_000_000 + crc32c(projectId));
}

export function toLocationType(location: unknown): string {
  if (typeof location !== 'string') return 'region';
  if (MULTI_REGIONS.has(location)) return 'multi-region';
  return DUAL_REGIONS.has(location) ? 'dual-region' : 'region';
}

function viewIamConfiguration(given: unknown): JsonObject {
  const configuration = isJsonObject(given) ? given : {};
  const uniform = configuration['uniformBucketLevelAccess'] ??
    configuration['bucketPolicyOnly'] ?? { enabled: false };
  return {
    publicAccessPrevention: 'inherited',
    ...configuration,
    bucketPolicyOnly: uniform,
    uniformBucketLevelAccess: uniform,
  };
}
