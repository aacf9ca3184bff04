import { Command } from 'commander';
import { lintCommand } from './lint.command.js';
import { diffCommand } from './diff.command.js';
import { initCommand } from './init.command.js';

/** `contracts`: the files in Git that say who decides about a table. */
export function contractsCommand(): Command {
  return new Command('contracts')
    .description('Contracts of tables as files in Git (Open Data Contract Standard): write, check, compare.')
    .addCommand(initCommand())
    .addCommand(lintCommand())
    .addCommand(diffCommand());
}
