#!/usr/bin/env node
import { Command } from 'commander';
import { startCommand } from './start/start.command.js';

/** The commands a person types, called as they are typed: `npm start`. */
await new Command('npm')
  .description('JSON events in, typed BigQuery rows out; and the commands that show it.')
  .addCommand(startCommand())
  .parseAsync();
