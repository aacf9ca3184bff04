import type { DeadLetterFilter } from '@pipeline/books';
import { ArrayMaxSize, ArrayNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import { Optional } from '../api/properties.js';
import { DeadLetterQuery, toLetterFilter } from '../dead-letters/dead-letters.dto.js';

/** Messages of one selection. */
const MAX_IDS = 1_000;
/** Dead letters that one action looks at; a command takes more. */
export const MAX_LETTERS = 100_000;

/** The dead letters that an action is about. */
export class LetterSelection extends DeadLetterQuery {
  @Optional({ type: [String], description: 'Only these messages, dismissed or not', maxItems: MAX_IDS })
  @IsOptional()
  @ArrayNotEmpty()
  @ArrayMaxSize(MAX_IDS)
  @IsString({ each: true })
  @MaxLength(1_024, { each: true })
  readonly messageIds?: readonly string[];
}

/** A selection that no later dead letter can join. */
export interface PinnedSelection {
  readonly filter: DeadLetterFilter;
  /** The same for the log, with absolute times. */
  readonly logged: object;
}

/** Resolves relative times: what the person confirms is what the preview showed. */
export function pinSelection({ messageIds, ...query }: LetterSelection, now: Date): PinnedSelection {
  const { since, until = now, dismissed = 'exclude', ...rest } = toLetterFilter(query, now);
  const chosen = messageIds === undefined ? { dismissed } : { messageIds };
  return {
    filter: { since, until, ...rest, ...chosen },
    logged: { since, until, ...rest, ...(messageIds === undefined ? {} : { messageIds }) },
  };
}
