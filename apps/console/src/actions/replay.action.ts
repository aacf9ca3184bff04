import {
  deadLetterCandidates,
  editEvent,
  parseJsonPatch,
  replay,
  ReplayTally,
  splitEvents,
  type ReplaySummary,
  type Revision,
} from '@pipeline/books';
import { IsBoolean, IsOptional, IsString, MaxLength } from 'class-validator';
import { invalidField } from '../api/invalid-field.js';
import { Optional } from '../api/properties.js';
import type { ActionKind, Previewed, RunContext } from './action.js';
import type { ActionTools } from './action-tools.js';
import { LetterSelection, MAX_LETTERS, pinSelection, type PinnedSelection } from './letter-selection.js';

/** Pub/Sub takes 10 MB; a page that edits more is no editor. */
const MAX_EVENT_CHARACTERS = 1_000_000;

/** Dead letters to publish again, as they are or revised. */
export class ReplayInput extends LetterSelection {
  @Optional({ type: String, description: 'New content of one message, published as a message of its own' })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_EVENT_CHARACTERS)
  readonly event?: string;

  @Optional({ type: String, description: 'JSON Patch (RFC 6902), applied to every message' })
  @IsOptional()
  @IsString()
  @MaxLength(100_000)
  readonly patch?: string;

  @Optional({ type: Boolean, description: 'Publishes each element of an array, or each line, by itself' })
  @IsOptional()
  @IsBoolean()
  readonly split?: boolean;

  @Optional({ type: Boolean, description: 'Also what would be a dead letter again, or had four attempts' })
  @IsOptional()
  @IsBoolean()
  readonly force?: boolean;
}

type Revise = (data: Buffer) => Revision;

/** `pipeline replay`: its dry run is the preview. */
export class ReplayAction implements ActionKind<ReplayInput> {
  readonly name = 'replay';
  readonly role = 'operator';
  readonly Input = ReplayInput;

  constructor(private readonly tools: ActionTools) {}

  async preview({
    event,
    patch,
    split = false,
    force = false,
    ...selection
  }: ReplayInput): Promise<Previewed> {
    const revise = revisionOf({ event, patch, split, ids: selection.messageIds?.length ?? 0 });
    const pinned = pinSelection(selection, this.tools.warehouse.now());
    const input = { ...pinned.logged, event, patch, split, force };
    const figures = await this.#replay(pinned, { revise, force, dryRun: true });
    return {
      input,
      figures,
      run: (context) =>
        this.#replay(pinned, { revise, force, dryRun: false }, { ...context, total: figures.wouldPublish }),
    };
  }

  async #replay(
    { filter }: PinnedSelection,
    { revise, ...how }: { readonly revise: Revise | null; readonly force: boolean; readonly dryRun: boolean },
    context?: RunContext & { readonly total: number },
  ): Promise<ReplaySummary> {
    const { replayTopic, eventsTopic, warehouse } = this.tools;
    const publisher = this.tools.publisher(revise === null ? replayTopic : eventsTopic);
    const tally = new ReplayTally();
    try {
      await replay(deadLetterCandidates(warehouse.sql, filter, MAX_LETTERS), {
        forecaster: this.tools.forecaster(),
        publisher,
        ...how,
        ...(revise === null ? {} : { revise }),
        ...(context === undefined ? {} : { signal: context.signal }),
        onStep: (step) => {
          tally.add(step);
          context?.onProgress(tally.published, context.total);
        },
      });
    } finally {
      await publisher.close();
    }
    return tally.summary();
  }
}

interface Choices {
  readonly event: string | undefined;
  readonly patch: string | undefined;
  readonly split: boolean;
  readonly ids: number;
}

/** Returns the revision of every message; null if they are published as they are. */
function revisionOf({ event, patch, split, ids }: Choices): Revise | null {
  if ([event !== undefined, patch !== undefined, split].filter(Boolean).length > 1) {
    throw invalidField('event', 'choice', 'event, patch and split exclude each other');
  }
  if (event !== undefined) {
    if (ids !== 1) {
      throw invalidField(
        'event',
        'choice',
        'an edited event replaces exactly one message: name it in messageIds',
      );
    }
    return () => ({ kind: 'revised', events: [Buffer.from(event)] });
  }
  if (split) {
    return (data) => {
      const result = splitEvents(data);
      return result.kind === 'split' ? { kind: 'revised', events: result.events } : result;
    };
  }
  if (patch === undefined) return null;
  const operations = readPatch(patch);
  return (data) => {
    const result = editEvent(data, operations);
    return result.kind === 'edited' ? { kind: 'revised', events: [result.data] } : result;
  };
}

function readPatch(text: string): ReturnType<typeof parseJsonPatch> {
  try {
    return parseJsonPatch(text);
  } catch (cause) {
    throw invalidField('patch', 'choice', cause instanceof Error ? cause.message : String(cause));
  }
}
