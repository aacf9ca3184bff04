import { Command } from 'commander';
import {
  deadLetterCandidates,
  deadLetterGroups,
  countDeadLetters,
  listDeadLetters,
  nearestName,
  dismissalOf,
  exportLine,
  readRawMessages,
} from '@pipeline/books';
import { collect, timeOption } from '../command/arguments.js';
import { quoted } from '../command/command-line.js';
import { countOf } from '../command/count-words.js';
import { EXIT, UsageError } from '../command/exit-codes.js';
import { pipelineCommand } from '../command/pipeline-command.js';
import { printableJson } from '../command/printable.js';
import { runCommand, type CommandContext, type CommonOptions } from '../command/run-command.js';
import { listedOf } from '../command/text-table.js';
import { wholeNumber } from '../command/whole-number.js';
import { ExportFile } from './export-file.js';
import { filterOf, withFilter, type FilterOptions } from './dead-letter-filter.js';
import { dismissCommand } from './dismiss.command.js';
import { renderGroups, renderList, renderOne } from './render-dead-letters.js';

interface ShowOptions extends CommonOptions {
  readonly since: Date;
  readonly payload?: boolean;
}

/** `dead-letters`: groups by cause, a list, one of them, a file to mend. */
export function deadLettersCommand(): Command {
  return new Command('dead-letters')
    .summary('messages that could not become rows: causes, one by one, a file to mend')
    .description(
      'Messages that could not become rows: by cause, a list, one message, a file to mend, and a mark for those that are settled. ' +
        'Without a command: groups.',
    )
    .addCommand(groupsCommand(), { isDefault: true })
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(exportCommand())
    .addCommand(dismissCommand());
}

function groupsCommand(): Command {
  return withFilter(
    pipelineCommand('groups', {
      summary: 'dead letters by cause',
      description: 'Groups dead letters by table, path and reason: how many, first and last seen, a sample.',
      examples: ['pipeline dead-letters groups --local', 'pipeline dead-letters groups --since 30d --json'],
    }),
  )
    .argument('[command]')
    .action((word: string | undefined, options: FilterOptions) =>
      runCommand(options, async ({ sql, print, command }) => {
        if (word !== undefined) throw new UsageError(unknownCommand(word));
        const groups = await deadLetterGroups(sql, filterOf(options));
        print(renderGroups(groups, command), groups);
        return EXIT.OK;
      }),
    );
}

/** `groups` is what runs without a command, so that it also gets a command that is misspelt. */
function unknownCommand(word: string): string {
  const nearest = nearestName(word, ['groups', 'list', 'show', 'export', 'dismiss']);
  return `dead-letters has no command ${word}${nearest === null ? '' : `; did you mean ${nearest}?`}`;
}

function listCommand(): Command {
  return withFilter(
    pipelineCommand('list', {
      summary: 'dead letters, the newest first',
      description: 'Lists dead letters, the newest first. No payload is shown.',
      examples: ['pipeline dead-letters list --reason NOT_JSON --limit 20'],
    }),
  )
    .option('--limit <count>', 'dead letters to list', wholeNumber('The limit', 1, 100_000), 50)
    .action((options: FilterOptions) =>
      runCommand(options, async ({ sql, print }) => {
        const letters = await listDeadLetters(sql, filterOf(options), options.limit);
        const total =
          letters.length < options.limit ? letters.length : await countDeadLetters(sql, filterOf(options));
        print([renderList(letters), ...cutLines(letters.length, total)].join('\n'), letters);
        return EXIT.OK;
      }),
    );
}

function cutLines(shown: number, total: number): string[] {
  return shown < total ? ['', ...listedOf(shown, total).slice(0, 1)] : [];
}

function showCommand(): Command {
  return pipelineCommand('show', {
    summary: 'the dead letters of one message',
    description: 'Shows the dead letters of one message; its payload only with --payload.',
    examples: ['pipeline dead-letters show 12345678', 'pipeline dead-letters show 12345678 --payload'],
  })
    .argument('<message-id>', 'id of the original message')
    .addOption(timeOption('--since <time>', 'dead since', '30d'))
    .option('--payload', 'show the message’s data: escaped on a terminal, as its bytes elsewhere')
    .action((messageId: string, options: ShowOptions) =>
      runCommand(options, (context) => show(messageId, options, context)),
    );
}

interface ExportOptions extends FilterOptions {
  readonly id?: readonly string[];
  readonly output: string;
}

function exportCommand(): Command {
  return withFilter(
    pipelineCommand('export', {
      summary: 'dead letters with payload, to mend and publish again',
      description:
        'Writes the dead letters that have no row to an NDJSON file, with payload and attributes. Mend the lines, then publish ' +
        'them with pipeline backfill FILE --format dead-letters. A file that exists is continued: what it has is left out.',
      examples: [
        'pipeline dead-letters export --reason NOT_JSON --output mend.ndjson',
        'pipeline dead-letters export --event-type order --output - | jq .event',
      ],
    }),
  )
    .option('--id <message-id>', 'only this message; may be given several times', collect)
    .option('--limit <count>', 'dead letters to look at', wholeNumber('The limit', 1, 10_000_000), 100_000)
    .requiredOption('--output <file>', 'NDJSON file, or - for stdout')
    .action((options: ExportOptions) =>
      runCommand(options, (context) => exportLetters(options, context), { finishesOnInterrupt: true }),
    );
}

async function exportLetters(
  options: ExportOptions,
  { sql, print, progress, signal, command }: CommandContext,
): Promise<number> {
  const { output, id, limit } = options;
  const filter = { ...filterOf(options), ...(id === undefined ? {} : { messageIds: id }) };
  const file = output === '-' ? null : await ExportFile.open(output);
  let exported = 0;
  for await (const candidate of deadLetterCandidates(sql, filter, limit)) {
    if (signal.aborted) break;
    if (file?.has(candidate.message.messageId) === true) continue;
    const line = exportLine(candidate);
    if (file === null) process.stdout.write(`${printableJson(line)}\n`);
    else await file.append(candidate.message.messageId, line);
    exported++;
    progress.show(`${exported} exported`);
  }
  await file?.close();
  if (file !== null) {
    const next = `Mend the lines, then: ${command(`backfill ${quoted(output)} --format dead-letters`)}`;
    print(`${countOf(exported, 'dead letter')} exported, ${file.size} in ${output}. ${next}`, {
      exported,
      total: file.size,
    });
  }
  return signal.aborted ? EXIT.INTERRUPTED : EXIT.OK;
}

const MAX_LETTERS_OF_MESSAGE = 100;
const LINE_FEED = Buffer.from('\n');

async function show(
  messageId: string,
  { since, payload = false, json }: ShowOptions,
  { sql, print }: CommandContext,
): Promise<number> {
  const letters = await listDeadLetters(sql, { since, messageIds: [messageId] }, MAX_LETTERS_OF_MESSAGE);
  const [newest] = letters;
  if (newest === undefined) {
    print(`Message ${messageId} has no dead letter in this period.`, { deadLetters: [] });
    return EXIT.FOUND;
  }
  let bytes: Buffer | null = null;
  if (payload && newest.publishedAt !== null) {
    const at = Date.parse(newest.publishedAt);
    const span = { from: new Date(at), to: new Date(at + 1) };
    const [raw] = await readRawMessages(sql, [messageId], span);
    bytes = raw?.data ?? Buffer.from('(the archive does not have it any more)');
  }
  const text = bytes?.toString() ?? null;
  const dismissal = await dismissalOf(sql, messageId);
  // A terminal gets the payload escaped; a file or another program gets the bytes.
  const isRaw = bytes !== null && json !== true && !process.stdout.isTTY;
  print(renderOne(letters, dismissal, isRaw ? null : text), {
    deadLetters: letters,
    dismissal,
    ...(text === null ? {} : { payload: text }),
  });
  if (isRaw && bytes !== null)
    process.stdout.write(Buffer.concat([Buffer.from('\npayload\n'), bytes, LINE_FEED]));
  return EXIT.OK;
}
