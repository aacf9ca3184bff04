#!/usr/bin/env node
import { Command } from 'commander';
import { auditCommand } from './audit/audit.command.js';
import { backfillCommand } from './backfill/backfill.command.js';
import { deadLettersCommand } from './dead-letters/dead-letters.command.js';
import { explainCommand } from './explain/explain.command.js';
import { replayCommand } from './replay/replay.command.js';
import { startCommand } from './start/start.command.js';
import { tablesCommand } from './tables/tables.command.js';

/** The commands a person types, called as they are typed: `npm start`, `pipeline audit`. */
const isStart = process.argv[2] === 'start';

await new Command(isStart ? 'npm' : 'pipeline')
  .description('JSON events in, typed BigQuery rows out; and the commands that show it.')
  .addCommand(auditCommand())
  .addCommand(deadLettersCommand())
  .addCommand(replayCommand())
  .addCommand(explainCommand())
  .addCommand(tablesCommand())
  .addCommand(backfillCommand())
  .addCommand(startCommand().summary('the whole pipeline on this machine: npm start'))
  .parseAsync();
