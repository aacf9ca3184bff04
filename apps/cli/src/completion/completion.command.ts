import { Argument, Command } from 'commander';
import { printableLines } from '../command/printable.js';
import { completionScript, SHELLS, type Shell } from './completion-script.js';

/** `completion`: a script with which a shell completes commands and options. */
export function completionCommand(): Command {
  return new Command('completion')
    .summary('a script that completes commands in bash, zsh or fish')
    .description(
      'Prints a script that completes commands and options. Load it in the start-up file of the shell.',
    )
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText(
      'after',
      [
        '',
        'Examples:',
        '  # in ~/.bashrc, after: alias pipeline="npx pipeline"',
        '  eval "$(npx pipeline completion bash)"',
        '  npx pipeline completion zsh',
        '  npx pipeline completion fish',
        '',
      ].join('\n'),
    )
    .action((shell: Shell, _options: unknown, command: Command) => {
      console.log(printableLines(completionScript(shell, command.parent ?? command)));
    });
}
