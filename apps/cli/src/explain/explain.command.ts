import type { Command } from 'commander';
import { DEFAULT_IN_PROGRESS_MS, explainMessage, findMessage, type EventRouting } from '@pipeline/books';
import { timeOption } from '../command/arguments.js';
import { EXIT } from '../command/exit-codes.js';
import { pipelineCommand } from '../command/pipeline-command.js';
import { routingOf, withRouting } from '../command/routing-options.js';
import { runCommand, type CommandContext, type CommonOptions } from '../command/run-command.js';
import { wholeNumber } from '../command/whole-number.js';
import { renderExplanation } from './render-explanation.js';

interface ExplainOptions extends CommonOptions, EventRouting {
  readonly since: Date;
  readonly payload: boolean;
  readonly inProgressSeconds: number;
}

/** `explain`: one message, its row, and where every value went and why. */
export function explainCommand(): Command {
  return withRouting(
    pipelineCommand('explain', {
      summary: 'one message: where every value went, and why',
      description:
        'Explains one message: its bytes, its row, and for every value where it is and why. For a message without a row: ' +
        'why it has none, and what to do.',
      examples: [
        'pipeline explain 12345678 --local',
        'pipeline explain 12345678 --since 2026-11-22    look from this day on only, which reads less',
        'pipeline explain 12345678 --no-payload --json   places and reasons without bytes and row',
      ],
    })
      .argument('<message-id>', 'id that Pub/Sub gave the message')
      .addOption(timeOption('--since <time>', 'published since', '30d'))
      .option(
        '--in-progress-seconds <seconds>',
        'a younger message without a row is in progress, not unaccounted',
        wholeNumber('The time', 0, 604_800),
        DEFAULT_IN_PROGRESS_MS / 1_000,
      )
      .option('--no-payload', 'leave out bytes, values and row'),
  ).action((messageId: string, options: ExplainOptions) =>
    runCommand(options, (context) => runExplain(messageId, options, context)),
  );
}

async function runExplain(
  messageId: string,
  options: ExplainOptions,
  { sql, now, readSchema, print, command }: CommandContext,
): Promise<number> {
  const { since, payload } = options;
  const routing = routingOf(options);
  const facts = await findMessage(sql, messageId, {
    since,
    now,
    inProgressMs: options.inProgressSeconds * 1_000,
    readSchema,
    ...routing,
  });
  const whole = explainMessage(messageId, facts, { ...routing, command, since });
  const explanation = payload
    ? whole
    : { ...whole, row: null, leaves: whole.leaves.map((leaf) => ({ ...leaf, json: null })) };
  const { raw } = facts;
  const shown =
    !payload || raw === null
      ? null
      : { bytes: raw.data.length, text: raw.data.toString(), attributes: raw.attributes };
  print(renderExplanation(explanation, shown), { ...explanation, ...(shown === null ? {} : { raw: shown }) });
  const isWell = whole.outcome === 'row' || whole.outcome === 'in-progress';
  return isWell && whole.leaves.every(({ isExact }) => isExact) ? EXIT.OK : EXIT.FOUND;
}
