#!/usr/bin/env node
import { Command } from 'commander';
import { auditCommand } from './audit/audit.command.js';
import { backfillCommand } from './backfill/backfill.command.js';
import { EXIT } from './command/exit-codes.js';
import { deadLettersCommand } from './dead-letters/dead-letters.command.js';
import { explainCommand } from './explain/explain.command.js';
import { historyCommand } from './history/history.command.js';
import { planCommand } from './plan/plan.command.js';
import { replayCommand } from './replay/replay.command.js';
import { tablesCommand } from './tables/tables.command.js';
import { verifyCommand } from './verify/verify.command.js';

/** The commands a person types, called as they are typed: `npm start`, `pipeline audit`. */
const [asked = 'help'] = process.argv.slice(2);

const program = new Command(asked === 'start' ? 'npm' : 'pipeline')
  .description('JSON events in, typed BigQuery rows out; and the commands that show it.')
  .addCommand(planCommand())
  .addCommand(auditCommand())
  .addCommand(deadLettersCommand())
  .addCommand(replayCommand())
  .addCommand(explainCommand())
  .addCommand(tablesCommand())
  .addCommand(historyCommand())
  .addCommand(backfillCommand())
  .addCommand(verifyCommand())
  .exitOverride((error) => {
    process.exit(error.exitCode === 0 || error.code === 'commander.help' ? EXIT.OK : EXIT.USAGE);
  });

// The embedded cloud is a second's work to load, and only this command runs it.
if (['start', 'help', '--help', '-h'].includes(asked)) {
  const { startCommand } = await import('./start/start.command.js');
  program.addCommand(startCommand().summary('the whole pipeline on this machine: npm start'));
}

await program.parseAsync();
