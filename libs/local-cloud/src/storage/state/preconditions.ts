import { StorageError } from './storage.errors.js';
import type { Conditions } from './storage-records.js';

/** State that preconditions are compared with; a missing object is `null` and has generation 0. */
export interface ConditionTarget {
  readonly generation: number;
  readonly metageneration: number;
}

/**
 * Read `ifGenerationMatch` and its relatives; `prefix` is `ifSource` for the source of a copy.
 * Refuses with `invalid` what is not a number.
 */
export function parseConditions(query: URLSearchParams, prefix: 'if' | 'ifSource' = 'if'): Conditions {
  const read = (name: string): number | undefined =>
    parseCount(query.get(`${prefix}${name}`), `${prefix}${name}`);
  const generationMatch = read('GenerationMatch');
  const generationNotMatch = read('GenerationNotMatch');
  const metagenerationMatch = read('MetagenerationMatch');
  const metagenerationNotMatch = read('MetagenerationNotMatch');
  return {
    ...(generationMatch === undefined ? {} : { generationMatch }),
    ...(generationNotMatch === undefined ? {} : { generationNotMatch }),
    ...(metagenerationMatch === undefined ? {} : { metagenerationMatch }),
    ...(metagenerationNotMatch === undefined ? {} : { metagenerationNotMatch }),
  };
}

/** A whole number ≥ 0 from a query parameter or body field; absent → undefined. */
export function parseCount(value: unknown, name: string): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  const count = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(count)) {
    throw new StorageError('invalid', `Invalid value for parameter ${name}: ${JSON.stringify(value)}`);
  }
  return count;
}

/**
 * Refuse unless every condition holds: 412 `conditionNotMet`, or 304 when a *NotMatch* fails on a read.
 *
 * Source: docs.cloud.google.com/storage/docs/request-preconditions, read 2026-11-22.
 */
export function checkConditions(
  conditions: Conditions,
  target: ConditionTarget | null,
  access: 'read' | 'write',
): void {
  const generation = target?.generation ?? 0;
  const metageneration = target?.metageneration ?? 0;
  const differs = (wanted: number | undefined, actual: number): boolean =>
    wanted !== undefined && wanted !== actual;
  if (
    differs(conditions.generationMatch, generation) ||
    differs(conditions.metagenerationMatch, metageneration) ||
    (conditions.metagenerationMatch !== undefined && target === null)
  ) {
    throw conditionNotMet();
  }
  if (
    conditions.generationNotMatch === generation ||
    (conditions.metagenerationNotMatch === metageneration && target !== null)
  ) {
    throw access === 'read' ? new StorageError('notModified', 'Not Modified') : conditionNotMet();
  }
}

export function conditionNotMet(): StorageError {
  return new StorageError(
    'conditionNotMet',
    'At least one of the pre-conditions you specified did not hold.',
  );
}
