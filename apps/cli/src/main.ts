#!/usr/bin/env node
import { Command } from 'commander';
import { startCommand } from './start/start.command.js';

/** `pipeline`: the commands a person types. */
await new Command('pipeline')
  .description('JSON events in, typed BigQuery rows out; and the commands that show it.')
  .addCommand(startCommand())
  .parseAsync();
