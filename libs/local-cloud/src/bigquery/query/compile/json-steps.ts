import { invalidQuery } from '../../rules/api-error.js';
import type { JsonStep } from '../../functions/json-path.js';

/** A key as a step of a DuckDB path. Errors: `invalidQuery` for keys that those paths cannot spell. */
export function jsonKeyStep(key: string): string {
  if (/["\\]/.test(key)) throw invalidQuery(`Not supported by this server: the JSON key ${key}`);
  return `."${key}"`;
}

/** Steps as a DuckDB path; `undefined` if a key has a quote or a backslash. */
export function duckPath(steps: readonly JsonStep[]): string | undefined {
  if (steps.some((step) => typeof step === 'string' && /["\\]/.test(step))) return undefined;
  return `$${steps.map((step) => (typeof step === 'number' ? `[${step}]` : `."${step}"`)).join('')}`;
}
