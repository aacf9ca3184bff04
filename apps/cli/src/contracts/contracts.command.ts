import { Command } from 'commander';
import { applyCommand } from './apply.command.js';
import { checkCommand } from './check.command.js';
import { lintCommand } from './lint.command.js';
import { pendingCommand } from './pending.command.js';
import { diffCommand } from './diff.command.js';
import { initCommand } from './init.command.js';
import { proposeCommand } from './propose.command.js';
import { reviewCommand } from './review.command.js';

/** `contracts`: the files in Git that say who decides about a table. */
export function contractsCommand(): Command {
  return new Command('contracts')
    .summary('contracts of tables as files in Git, and the changes that wait for an approval')
    .description(
      'Contracts of tables as files in Git (Open Data Contract Standard): write, check, compare, propose, review, apply; and what waits for an approval.',
    )
    .addCommand(initCommand())
    .addCommand(lintCommand())
    .addCommand(diffCommand())
    .addCommand(checkCommand())
    .addCommand(proposeCommand())
    .addCommand(reviewCommand())
    .addCommand(applyCommand())
    .addCommand(pendingCommand());
}
