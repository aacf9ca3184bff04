import type { Command } from 'commander';
import { listEventTables, namedEventTables } from '@pipeline/books';
import { datasetContractText, tableContractText, withMissingColumns } from '@pipeline/contracts';
import { EXIT } from '../command/exit-codes.js';
import { pipelineCommand } from '../command/pipeline-command.js';
import { runCommand, type CommandContext, type CommonOptions } from '../command/run-command.js';
import {
  datasetFile,
  DEFAULT_FOLDER,
  readContractFiles,
  tableFile,
  textIfPresent,
  writeContractFile,
} from './contract-files.js';

interface InitOptions extends CommonOptions {
  readonly dir: string;
  readonly update?: boolean;
}

/** The outcome for one file. */
interface InitResult {
  readonly file: string;
  readonly result: 'written' | 'updated' | 'unchanged' | 'kept';
}

/** `contracts init`: a file for each table, as the tables are. */
export function initCommand(): Command {
  return pipelineCommand('init', {
    summary: 'write contract files from the tables as they are',
    description:
      'Writes contracts/<table>.odcs.yaml for each table and contracts/dataset.odcs.yaml, with the verbs that hold now (evolve, unless ' +
      'something else was applied). Nothing in BigQuery changes. A file that exists is kept; --update adds the columns that it lacks, ' +
      'and its comments, its order and everything else stay.',
    examples: [
      'pipeline contracts init --local',
      'pipeline contracts init orders',
      'pipeline contracts init orders --update',
    ],
  })
    .argument('[table...]', 'the tables; all if absent')
    .option('--dir <folder>', 'the folder of the files', DEFAULT_FOLDER)
    .option('--update', 'add columns that are only in the table to files that exist')
    .action((tables: readonly string[], options: InitOptions) =>
      runCommand(options, (context) => init(tables, options, context)),
    );
}

async function init(
  named: readonly string[],
  { dir, update = false }: InitOptions,
  { connection, sql, readSchema, print }: CommandContext,
): Promise<number> {
  const tables = named.length === 0 ? await listEventTables(sql) : await namedEventTables(sql, named);
  const results: InitResult[] = [];
  for (const table of tables) {
    const schema = await readSchema(table);
    if (schema === null) continue;
    const file = tableFile(dir, table);
    const present = textIfPresent(file);
    if (present === null) {
      const { newColumns = 'evolve', typeChanges = 'evolve' } = schema;
      const described = { dataset: connection.dataset, table, schema, newColumns, typeChanges };
      writeContractFile(dir, file, tableContractText(described));
      results.push({ file, result: 'written' });
    } else if (update) {
      readContractFiles([file]);
      const text = withMissingColumns(present, schema);
      if (text !== present) writeContractFile(dir, file, text);
      results.push({ file, result: text === present ? 'unchanged' : 'updated' });
    } else results.push({ file, result: 'kept' });
  }
  if (named.length === 0) results.push(initDataset(dir, connection.dataset));
  print(results.map(({ file, result }) => `${file}: ${WORDS[result]}`).join('\n'), results);
  return EXIT.OK;
}

const WORDS: Readonly<Record<InitResult['result'], string>> = {
  written: 'written',
  updated: 'columns added',
  unchanged: 'has every column of the table',
  kept: 'exists and was kept; --update adds columns',
};

function initDataset(dir: string, dataset: string): InitResult {
  const file = datasetFile(dir);
  if (textIfPresent(file) !== null) return { file, result: 'kept' };
  writeContractFile(dir, file, datasetContractText(dataset, 'evolve'));
  return { file, result: 'written' };
}
