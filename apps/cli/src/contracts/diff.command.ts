import type { Command } from 'commander';
import { diff } from '@pipeline/contracts';
import { EXIT } from '../command/exit-codes.js';
import { pipelineCommand } from '../command/pipeline-command.js';
import { runCommand, type CommandContext, type CommonOptions } from '../command/run-command.js';
import { contractFiles, DEFAULT_FOLDER, readContractFiles } from './contract-files.js';
import { classified, renderDifferences, type TableDifferences } from './render-contracts.js';

interface DiffOptions extends CommonOptions {
  readonly dir: string;
}

/** `contracts diff`: files against tables. */
export function diffCommand(): Command {
  return pipelineCommand('diff', {
    summary: 'compare contract files with the tables',
    description:
      'Shows each column that only the file or only the table has, and each type that differs, with what would remove the difference. ' +
      'Changes nothing.',
    examples: [
      'pipeline contracts diff --local',
      'pipeline contracts diff contracts/orders.odcs.yaml --json',
    ],
  })
    .argument('[file...]', 'the files; all of the folder if absent')
    .option('--dir <folder>', 'the folder of the files', DEFAULT_FOLDER)
    .action((files: readonly string[], options: DiffOptions) =>
      runCommand(options, (context) => compare(files, options, context)),
    );
}

async function compare(
  named: readonly string[],
  { dir }: DiffOptions,
  { readSchema, print }: CommandContext,
): Promise<number> {
  const tables: TableDifferences[] = [];
  for (const { contract } of readContractFiles(contractFiles(dir, named))) {
    if (contract.kind !== 'table') continue;
    const { file, table } = contract;
    const schema = await readSchema(table);
    const differences = schema === null ? [] : classified(contract, diff(contract, schema));
    tables.push({ file, table, exists: schema !== null, differences });
  }
  print(renderDifferences(tables), tables);
  return tables.every(({ differences }) => differences.length === 0) ? EXIT.OK : EXIT.FOUND;
}
