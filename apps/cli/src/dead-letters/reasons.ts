import { InvalidArgumentError, Option } from 'commander';
import { nearestName, REJECTION_REASONS } from '@pipeline/books';

/** Reasons that a message is held for, in `_quarantine`. */
export const QUARANTINE_REASONS: readonly string[] = ['TABLE_GUARD', 'AWAITING_APPROVAL'];

/** `--reason`: a code of a dead letter, or with `alsoQuarantine` of a quarantined message; others are refused with the list. */
export function reasonOption(description: string, { alsoQuarantine = false } = {}): Option {
  const known = [...REJECTION_REASONS, ...(alsoQuarantine ? QUARANTINE_REASONS : [])];
  return new Option('--reason <code>', description).argParser((text: string) => {
    if (known.includes(text)) return text;
    const nearest = nearestName(text.toUpperCase(), known);
    const hint = nearest === null ? '' : `Did you mean ${nearest}? `;
    throw new InvalidArgumentError(`${hint}Reasons: ${known.join(', ')}.`);
  });
}
