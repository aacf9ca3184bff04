import type { EventRouting } from '@pipeline/books';
import type { CommonOptions } from '../command/run-command.js';
import type { SourceCommandOptions } from '../sources/source-options.js';

/** Options of `backfill`, as commander gives them. */
export interface BackfillCommandOptions extends CommonOptions, EventRouting, SourceCommandOptions {
  readonly rate: number;
  readonly skip: number;
  readonly skipKnown?: boolean;
  readonly knownSince: Date;
  readonly maxBytes: number;
  readonly keepIds?: boolean;
  /** Set by `--no-plan`. */
  readonly plan: boolean;
  readonly topic: string;
  readonly replayTopic: string;
  readonly ids?: string;
  readonly yes?: boolean;
}
