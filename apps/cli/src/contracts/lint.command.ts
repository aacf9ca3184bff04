import { Command } from 'commander';
import { EXIT, EXIT_CODES_HELP, UsageError } from '../command/exit-codes.js';
import { printableJson, printableLines } from '../command/printable.js';
import { contractFiles, DEFAULT_FOLDER, readContractFile, renderProblems } from './contract-files.js';

interface LintOptions {
  readonly dir: string;
  readonly json?: boolean;
}

/** `contracts lint`: needs no connection, so that it can check every pull request. */
export function lintCommand(): Command {
  return new Command('lint')
    .summary('check contract files')
    .description(
      'Checks what the pipeline reads of the files: each mistake with its line and its remedy. Calls nothing. The rest of the standard is ' +
        'checked by datacontract lint (PyPI datacontract-cli).',
    )
    .argument('[file...]', 'the files; all of the folder if absent')
    .option('--dir <folder>', 'the folder of the files', DEFAULT_FOLDER)
    .option('--json', 'print JSON to stdout')
    .addHelpText(
      'after',
      `\nExamples:\n  pipeline contracts lint\n  pipeline contracts lint contracts/orders.odcs.yaml\n\n${EXIT_CODES_HELP}`,
    )
    .action((files: readonly string[], options: LintOptions) => {
      process.exit(lint(files, options));
    });
}

function lint(named: readonly string[], { dir, json = false }: LintOptions): number {
  try {
    const files = contractFiles(dir, named);
    const problems = files.flatMap((file) => {
      const read = readContractFile(file);
      return read.kind === 'problems' ? read.problems : [];
    });
    const good = `${files.length} ${files.length === 1 ? 'file' : 'files'}: no mistakes.`;
    const text = problems.length === 0 ? good : renderProblems(problems);
    console.log(json ? printableJson(JSON.stringify({ files, problems }, null, 2)) : printableLines(text));
    return problems.length === 0 ? EXIT.OK : EXIT.FOUND;
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    console.error(printableLines(cause.message));
    return EXIT.USAGE;
  }
}
