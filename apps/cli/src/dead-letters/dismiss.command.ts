import type { Command } from 'commander';
import { deadLetterIds, markDismissed } from '@pipeline/books';
import { collect } from '../command/arguments.js';
import { quoted } from '../command/command-line.js';
import { confirm } from '../command/confirm.js';
import { countOf } from '../command/count-words.js';
import { EXIT, UsageError } from '../command/exit-codes.js';
import { pipelineCommand } from '../command/pipeline-command.js';
import { runCommand, type CommandContext } from '../command/run-command.js';
import { CLI_ACTOR } from '../command/version.js';
import { wholeNumber } from '../command/whole-number.js';
import { filterOf, withFilter, type FilterOptions } from './dead-letter-filter.js';

interface DismissOptions extends FilterOptions {
  readonly because?: string;
  readonly id?: readonly string[];
  readonly undo?: boolean;
  readonly yes?: boolean;
}

/** `dead-letters dismiss`: a mark with a reason, and its undoing. Deletes nothing. */
export function dismissCommand(): Command {
  return withFilter(
    pipelineCommand('dismiss', {
      summary: 'mark dead letters as settled, with a reason; --undo takes the mark back',
      description:
        'Marks dead letters that need nothing more: a producer sent nonsense, a mended copy arrived another way. Nothing is deleted. ' +
        'The books count them as dismissed, and list, groups, export and replay leave them out unless --dismissed is given. ' +
        'The mark and its reason are a row of _dismissals.',
      examples: [
        `pipeline dead-letters dismiss --id 12345678 --because 'a load test'`,
        `pipeline dead-letters dismiss --reason NOT_JSON --table orders --since 30d --because 'bug of shop 4.1, mended in 4.2' --yes`,
        'pipeline dead-letters dismiss --id 12345678 --undo',
      ],
    }),
  )
    .option('--id <message-id>', 'only this message; may be given several times', collect)
    .option('--because <text>', 'the reason, for the next reader')
    .option('--undo', 'take the mark back')
    .option('--limit <count>', 'messages to mark', wholeNumber('The limit', 1, 1_000_000), 100_000)
    .option('--yes', 'do not ask')
    .action((options: DismissOptions) => runCommand(options, (context) => dismiss(options, context)));
}

async function dismiss(options: DismissOptions, context: CommandContext): Promise<number> {
  const { sql, now, print, command } = context;
  const { because = '', id, undo = false, limit } = options;
  if (!undo && because.trim() === '') throw new UsageError('Name the reason with --because.');
  if (!undo && options.dismissed === true) throw new UsageError('--dismissed goes with --undo.');
  const filter = {
    ...filterOf({ ...options, dismissed: undo }),
    ...(id === undefined ? {} : { messageIds: id }),
  };
  const ids = await deadLetterIds(sql, filter, limit);
  const words = countOf(ids.length, 'message');
  if (ids.length === 0) {
    print(undo ? 'No dismissed message matches.' : 'No dead letter matches that is not dismissed already.', {
      marked: 0,
    });
    return EXIT.FOUND;
  }
  await confirm({
    what: undo ? `${words}: the mark is taken back.` : `${words}: dead letters are marked as dismissed.`,
    yes: options.yes === true || id !== undefined || !process.stdin.isTTY,
    otherwise: '',
  });
  await markDismissed(sql, ids, {
    dismissed: !undo,
    reason: because === '' ? null : because,
    at: now,
    actor: CLI_ACTOR,
  });
  const hint = undo
    ? 'They are dead letters again.'
    : `To take it back: ${command(ids.length === 1 ? `dead-letters dismiss --undo --id ${quoted(ids[0] ?? '')}` : 'dead-letters dismiss --undo')}`;
  print(`${words} ${undo ? 'taken back' : 'dismissed'}. ${hint}`, { marked: ids.length });
  return EXIT.OK;
}
