import type { Command } from 'commander';
import { bytesOption, time, timeOption } from '../command/arguments.js';
import { EXIT, UsageError } from '../command/exit-codes.js';
import { pipelineCommand } from '../command/pipeline-command.js';
import { runCommand, type CommandContext, type CommonOptions } from '../command/run-command.js';
import { contractFiles, DEFAULT_FOLDER, readContractFiles } from './contract-files.js';
import { countViolations, type CountedCheck } from './count-violations.js';
import { renderChecks } from './render-checks.js';

interface CheckOptions extends CommonOptions {
  readonly dir: string;
  readonly since: Date;
  readonly until?: Date;
  readonly maxBytes: number;
}

/** `contracts check`: violations of required, enum, patterns and ranges. */
export function checkCommand(): Command {
  return pipelineCommand('check', {
    summary: 'count the values that violate the checks of the contracts',
    description:
      'Counts, for each rule of each column (required, enum, pattern, lengths, ranges, numbers of items), the rows that violate it, with one ' +
      'message as a sample. Checks are no gates: such rows land like any other. Reads the columns with rules and no other; exits with 1 if ' +
      'a check is violated.',
    examples: [
      'pipeline contracts check --local',
      'pipeline contracts check contracts/orders.odcs.yaml --since 7d --json',
    ],
  })
    .argument('[file...]', 'the files; all of the folder if absent')
    .option('--dir <folder>', 'the folder of the files', DEFAULT_FOLDER)
    .addOption(timeOption('--since <time>', 'published since', '24h'))
    .option('--until <time>', 'published before; now when absent', time)
    .addOption(bytesOption('--max-bytes <size>', 'refuse a statement that reads more (500MB, 2TB)', '10GB'))
    .action((files: readonly string[], options: CheckOptions) =>
      runCommand(options, (context) => check(files, options, context)),
    );
}

async function check(
  named: readonly string[],
  { dir, since, until, maxBytes }: CheckOptions,
  { sql, readSchema, now, print }: CommandContext,
): Promise<number> {
  const to = until ?? now;
  if (since >= to) throw new UsageError('--since is not before --until.');
  const scope = { from: since, to, maximumBytesBilled: maxBytes };
  const checks: CountedCheck[] = [];
  for (const { contract } of readContractFiles(contractFiles(dir, named))) {
    if (contract.kind !== 'table') continue;
    const schema = await readSchema(contract.table);
    if (schema !== null) checks.push(...(await countViolations(sql, { contract, schema }, scope)));
  }
  print(renderChecks(checks), checks);
  return checks.some(({ violations }) => violations !== null && violations > 0) ? EXIT.FOUND : EXIT.OK;
}
