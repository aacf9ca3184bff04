import { type JsonObject, isJsonObject } from '../../http/json-object.js';
import { mergePatch, pick } from '../state/json.js';
import { StorageError, notSupported } from '../state/storage.errors.js';
import { checkStorageClass } from '../buckets/storage-class.js';
import type { ExpectedChecksums, ObjectFields } from '../state/storage-records.js';

/** Keys and values of custom metadata together. Source: docs.cloud.google.com/storage/quotas#objects, read 2026-11-22. */
const MAX_CUSTOM_METADATA_BYTES = 8 * 1024;

const TEXT_FIELDS = [
  'contentType',
  'contentEncoding',
  'contentLanguage',
  'contentDisposition',
  'cacheControl',
  'storageClass',
  'customTime',
] as const;
const FLAG_FIELDS = ['temporaryHold', 'eventBasedHold'] as const;
const WRITABLE: ReadonlySet<string> = new Set([...TEXT_FIELDS, ...FLAG_FIELDS, 'metadata']);
const REFUSED = ['retention', 'kmsKeyName', 'customerEncryption', 'contexts'] as const;
/** Read the writable part of an object resource; output-only fields are ignored, wrong types refused with `invalid`. */
export function parseObjectFields(body: JsonObject): ObjectFields {
  refuseUnsupported(body);
  const fields: Record<string, unknown> = {};
  for (const key of TEXT_FIELDS) if (hasValue(body, key)) fields[key] = expectText(body[key], key);
  for (const key of FLAG_FIELDS) if (hasValue(body, key)) fields[key] = expectFlag(body[key], key);
  if (hasValue(body, 'metadata')) fields['metadata'] = expectCustomMetadata(body['metadata']);
  if (typeof fields['storageClass'] === 'string') checkStorageClass(fields['storageClass']);
  if (typeof fields['customTime'] === 'string' && Number.isNaN(Date.parse(fields['customTime']))) {
    throw new StorageError('invalid', `Invalid value for customTime: ${fields['customTime']}`);
  }
  return fields;
}

/** `objects.patch`: null removes a field or one key of `metadata`, everything else replaces. */
export function patchObjectFields(current: ObjectFields, body: JsonObject): ObjectFields {
  refuseUnsupported(body);
  return keepStorageClass(current, parseObjectFields(mergePatch({ ...current }, pick(body, WRITABLE))));
}

/** `objects.update`: the body replaces all writable fields. */
export function replaceObjectFields(current: ObjectFields, body: JsonObject): ObjectFields {
  const replaced = parseObjectFields(body);
  return keepStorageClass(
    current,
    replaced.storageClass === undefined && current.storageClass !== undefined
      ? { ...replaced, storageClass: current.storageClass }
      : replaced,
  );
}

/** Checksums named in the resource of an upload. */
export function parseExpectedChecksums(body: JsonObject): ExpectedChecksums {
  return {
    ...(hasValue(body, 'crc32c') ? { crc32c: expectText(body['crc32c'], 'crc32c') } : {}),
    ...(hasValue(body, 'md5Hash') ? { md5Hash: expectText(body['md5Hash'], 'md5Hash') } : {}),
  };
}

/** Keys with a value: a null in an insert is the same as nothing. */
function hasValue(body: JsonObject, key: string): boolean {
  return body[key] !== undefined && body[key] !== null;
}

function refuseUnsupported(body: JsonObject): void {
  const refused = REFUSED.find((key) => hasValue(body, key));
  if (refused !== undefined) throw notSupported(`objects with ${refused}`);
}

function keepStorageClass(current: ObjectFields, next: ObjectFields): ObjectFields {
  if ((next.storageClass ?? 'STANDARD') === (current.storageClass ?? 'STANDARD')) return next;
  throw new StorageError('invalid', 'The storage class of an object changes only by a rewrite.');
}

function expectText(value: unknown, key: string): string {
  if (typeof value === 'string') return value;
  throw new StorageError('invalid', `Invalid value for ${key}: a string is needed.`);
}

function expectFlag(value: unknown, key: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new StorageError('invalid', `Invalid value for ${key}: true or false is needed.`);
}

function expectCustomMetadata(value: unknown): Readonly<Record<string, string>> {
  if (!isJsonObject(value))
    throw new StorageError('invalid', 'Invalid value for metadata: an object is needed.');
  const entries = Object.entries(value)
    .filter(([, item]) => item !== null)
    .map(([key, item]) => [key, expectText(item, `metadata.${key}`)] as const);
  const bytes = entries.reduce(
    (sum, [key, item]) => sum + Buffer.byteLength(key) + Buffer.byteLength(item),
    0,
  );
  if (bytes > MAX_CUSTOM_METADATA_BYTES) {
    throw new StorageError(
      'invalid',
      `Custom metadata of ${bytes} bytes exceeds ${MAX_CUSTOM_METADATA_BYTES}.`,
    );
  }
  return Object.fromEntries(entries);
}
