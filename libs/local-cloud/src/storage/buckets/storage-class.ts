import { StorageError } from '../state/storage.errors.js';

/** Source: docs.cloud.google.com/storage/docs/storage-classes, read 2026-11-22. */
const STORAGE_CLASSES: ReadonlySet<string> = new Set([
  'STANDARD',
  'NEARLINE',
  'COLDLINE',
  'ARCHIVE',
  'MULTI_REGIONAL',
  'REGIONAL',
  'DURABLE_REDUCED_AVAILABILITY',
]);

/** Refuses an unknown storage class with `invalid`. */
export function checkStorageClass(storageClass: string): void {
  if (!STORAGE_CLASSES.has(storageClass)) {
    throw new StorageError('invalid', `Invalid argument: storage class ${storageClass}`);
  }
}
