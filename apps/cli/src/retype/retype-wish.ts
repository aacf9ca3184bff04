import { parseRetypeType, RETYPE_TYPES, type RetypeWish } from '@pipeline/bigquery-tables';
import { nearestName } from '@pipeline/books';
import { UsageError } from '../command/exit-codes.js';

/** Reads the arguments of `retype`. @throws UsageError for a type that no event value has, with the nearest one */
export function toWish(column: string, typeText: string, numbersAsText: boolean): RetypeWish {
  const parsed = parseRetypeType(typeText);
  if (parsed === null) {
    const nearest = nearestName(typeText.toUpperCase(), RETYPE_TYPES);
    const hint = nearest === null ? '' : ` Did you mean ${nearest}?`;
    throw new UsageError(
      `${typeText} is not a type that a column of events can have: ${RETYPE_TYPES.join(', ')}, or ARRAY<…> of one.${hint}`,
    );
  }
  if (numbersAsText && parsed.type !== 'STRING')
    throw new UsageError(`--numbers-as-text goes with STRING, not with ${typeText}.`);
  return { path: column.split('.'), numbersAsText, ...parsed };
}
