import { deadLetterIds, markDismissed, type DeadLetterFilter } from '@pipeline/books';
import type { RequestFailure } from '@pipeline/platform';
import { IsBoolean, IsOptional, IsString, MaxLength } from 'class-validator';
import type { Identity } from '../access/access.js';
import { invalidField } from '../api/invalid-field.js';
import { Optional } from '../api/properties.js';
import type { ActionKind, Previewed } from './action.js';
import type { ActionTools } from './action-tools.js';
import { LetterSelection, MAX_LETTERS, pinSelection } from './letter-selection.js';

/** Dead letters to mark as dismissed, or to take back. */
export class DismissInput extends LetterSelection {
  @Optional({ type: String, description: 'The reason, for the next reader; required unless `undo`' })
  @IsOptional()
  @IsString()
  @MaxLength(1_000)
  readonly because?: string;

  @Optional({ type: Boolean, description: 'Takes the mark back' })
  @IsOptional()
  @IsBoolean()
  readonly undo?: boolean;
}

/** Sample of the messages that a preview names. */
const MAX_NAMED = 20;

/** `pipeline dead-letters dismiss`: a mark with a reason. Deletes nothing. */
export class DismissAction implements ActionKind<DismissInput> {
  readonly name = 'dismiss';
  readonly role = 'operator';
  readonly Input = DismissInput;

  constructor(private readonly tools: ActionTools) {}

  async preview(
    { because = '', undo = false, ...selection }: DismissInput,
    identity: Identity,
  ): Promise<Previewed> {
    const reason = because.trim();
    if (!undo && reason === '') throw reasonMissing();
    const { sql, now } = this.tools.warehouse;
    const { filter, logged } = pinSelection(selection, now());
    const marked: DeadLetterFilter = { ...filter, dismissed: undo ? 'only' : 'exclude' };
    const ids = await deadLetterIds(sql, marked, MAX_LETTERS);
    return {
      input: { ...logged, because: reason, undo },
      figures: { messages: ids.length, messageIds: ids.slice(0, MAX_NAMED) },
      run: async () => {
        const mark = {
          dismissed: !undo,
          reason: reason === '' ? null : reason,
          at: now(),
          actor: identity.actor,
        };
        await markDismissed(sql, ids, mark);
        return { marked: ids.length };
      },
    };
  }
}

function reasonMissing(): RequestFailure {
  return invalidField('because', 'required', 'because: name the reason, it is what the next reader finds');
}
