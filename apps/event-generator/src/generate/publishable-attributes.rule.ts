import {
  ValidatorConstraint,
  type ValidationArguments,
  type ValidatorConstraintInterface,
} from 'class-validator';

/** Pub/Sub's limits of a message's attributes. Source: https://cloud.google.com/pubsub/quotas, read 2026-11-22. */
const MAX_ATTRIBUTES = 100;
const MAX_KEY_BYTES = 256;
const MAX_VALUE_BYTES = 1_024;

/** Accepts the attributes that Pub/Sub accepts: up to 100, keys to 256 bytes and not `goog…`, text values to 1024 bytes. */
@ValidatorConstraint({ name: 'publishableAttributes' })
export class PublishableAttributes implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return findProblem(value) === null;
  }

  defaultMessage(rule: ValidationArguments): string {
    return `${rule.property} ${findProblem(rule.value) ?? 'are not valid'}`;
  }
}

function findProblem(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return 'must be an object of texts';
  }
  const entries = Object.entries(value);
  if (entries.length > MAX_ATTRIBUTES) {
    return `must not be more than ${MAX_ATTRIBUTES}`;
  }
  for (const [key, text] of entries) {
    if (key === '' || Buffer.byteLength(key) > MAX_KEY_BYTES) {
      return `must have names of 1 to ${MAX_KEY_BYTES} bytes`;
    }
    if (key.startsWith('goog')) {
      return 'must not have names that start with goog, which Pub/Sub keeps for itself';
    }
    if (typeof text !== 'string' || Buffer.byteLength(text) > MAX_VALUE_BYTES) {
      return `must be texts of up to ${MAX_VALUE_BYTES} bytes, which ${JSON.stringify(key)} is not`;
    }
  }
  return null;
}
