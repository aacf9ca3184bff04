import { type JsonObject, isJsonObject } from '../../http/json-object.js';
import { mergePatch, pick } from '../state/json.js';
import { checkStorageClass } from './storage-class.js';
import { StorageError, notSupported } from '../state/storage.errors.js';

/** Kept and shown. What of it has an effect is listed in the README. */
const WRITABLE: ReadonlySet<string> = new Set([
  'autoclass',
  'cors',
  'defaultEventBasedHold',
  'iamConfiguration',
  'labels',
  'lifecycle',
  'location',
  'logging',
  'rpo',
  'softDeletePolicy',
  'storageClass',
  'versioning',
  'website',
]);
const IMMUTABLE = ['location'] as const;

/** Read the writable part of a bucket resource. Refuses wrong types (`invalid`) and what is not supported (501). */
export function parseBucketSettings(body: JsonObject): JsonObject {
  refuseUnsupported(body);
  const settings = mergePatch({}, pick(body, WRITABLE));
  for (const key of [
    'autoclass',
    'iamConfiguration',
    'labels',
    'lifecycle',
    'logging',
    'versioning',
    'website',
  ]) {
    if (settings[key] !== undefined && !isJsonObject(settings[key])) throw wrongType(key, 'an object');
  }
  for (const [key, value] of Object.entries(isJsonObject(settings['labels']) ? settings['labels'] : {})) {
    if (typeof value !== 'string') throw wrongType(`labels.${key}`, 'a string');
  }
  const { location, storageClass } = settings;
  if (storageClass !== undefined && typeof storageClass !== 'string')
    throw wrongType('storageClass', 'a string');
  if (storageClass !== undefined) checkStorageClass(storageClass);
  if (location !== undefined && typeof location !== 'string') throw wrongType('location', 'a string');
  return {
    ...settings,
    location: (location ?? 'US').toUpperCase(),
    storageClass: storageClass ?? 'STANDARD',
  };
}

/** `buckets.patch`: null removes a setting or a label. */
export function patchBucketSettings(current: JsonObject, body: JsonObject): JsonObject {
  refuseUnsupported(body);
  return keepImmutable(current, parseBucketSettings(mergePatch(current, pick(body, WRITABLE))));
}

/** `buckets.update`: the body replaces all settings; the location stays. */
export function replaceBucketSettings(current: JsonObject, body: JsonObject): JsonObject {
  return keepImmutable(current, parseBucketSettings({ location: current['location'], ...body }));
}

export function isVersioned(settings: JsonObject): boolean {
  return isJsonObject(settings['versioning']) && settings['versioning']['enabled'] === true;
}

function keepImmutable(current: JsonObject, next: JsonObject): JsonObject {
  const changed = IMMUTABLE.find((key) => current[key] !== next[key]);
  if (changed !== undefined)
    throw new StorageError('invalid', `The ${changed} of a bucket cannot be changed.`);
  return next;
}

function refuseUnsupported(body: JsonObject): void {
  const enabled = (key: string, flag: string): boolean => isJsonObject(body[key]) && body[key][flag] === true;
  const given = (key: string, field: string): boolean => isJsonObject(body[key]) && body[key][field] != null;
  if (given('retentionPolicy', 'retentionPeriod')) throw notSupported('retention policies');
  if (enabled('hierarchicalNamespace', 'enabled')) throw notSupported('a hierarchical namespace');
  if (enabled('billing', 'requesterPays')) throw notSupported('requester pays');
  if (given('encryption', 'defaultKmsKeyName')) throw notSupported('customer-managed encryption keys');
  if (given('ipFilter', 'mode')) throw notSupported('IP filters');
  if (given('customPlacementConfig', 'dataLocations')) throw notSupported('configurable dual-regions');
}

function wrongType(key: string, wanted: string): StorageError {
  return new StorageError('invalid', `Invalid value for ${key}: ${wanted} is needed.`);
}
