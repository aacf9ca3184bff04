#!/usr/bin/env node
import { Command } from 'commander';
import { helpCommand } from './command/help-command.js';
import { EXIT } from './command/exit-codes.js';
import { CLI_VERSION } from './command/version.js';

/** Every command by name. Only the one that was asked for is loaded: some bring a client that takes half a second. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  publish: async () => (await import('./publish/publish.command.js')).publishCommand(),
  sql: async () => (await import('./sql/sql.command.js')).sqlCommand(),
  find: async () => (await import('./find/find.command.js')).findCommand(),
  plan: async () => (await import('./plan/plan.command.js')).planCommand(),
  audit: async () => (await import('./audit/audit.command.js')).auditCommand(),
  'dead-letters': async () => (await import('./dead-letters/dead-letters.command.js')).deadLettersCommand(),
  replay: async () => (await import('./replay/replay.command.js')).replayCommand(),
  explain: async () => (await import('./explain/explain.command.js')).explainCommand(),
  overflow: async () => (await import('./overflow/overflow.command.js')).overflowCommand(),
  tables: async () => (await import('./tables/tables.command.js')).tablesCommand(),
  history: async () => (await import('./history/history.command.js')).historyCommand(),
  notices: async () => (await import('./notices/notices.command.js')).noticesCommand(),
  promote: async () => (await import('./promote/promote.command.js')).promoteCommand(),
  retype: async () => (await import('./retype/retype.command.js')).retypeCommand(),
  approve: async () => (await import('./contracts/decide.command.js')).approveCommand(),
  reject: async () => (await import('./contracts/decide.command.js')).rejectCommand(),
  contracts: async () => (await import('./contracts/contracts.command.js')).contractsCommand(),
  backfill: async () => (await import('./backfill/backfill.command.js')).backfillCommand(),
  verify: async () => (await import('./verify/verify.command.js')).verifyCommand(),
  completion: async () => (await import('./completion/completion.command.js')).completionCommand(),
  start: async () =>
    (await import('./start/start.command.js'))
      .startCommand()
      .summary('the whole pipeline on this machine: npm start'),
};

/** The commands a person types, called as they are typed: `npm start`, `pipeline audit`. */
const [asked = ''] = process.argv.slice(2);
const program = new Command(asked === 'start' ? 'npm' : 'pipeline')
  .description(
    'JSON events in, typed BigQuery rows out; and the commands that show it. In a clone, type npx pipeline; add --local for the pipeline of npm start.',
  )
  .version(CLI_VERSION, '--version', 'print the version')
  .exitOverride((error) => {
    process.exit(error.exitCode === 0 || error.code === 'commander.help' ? EXIT.OK : EXIT.USAGE);
  });

const wanted = Object.hasOwn(COMMANDS, asked) ? [COMMANDS[asked]] : Object.values(COMMANDS);
for (const load of wanted) if (load !== undefined) program.addCommand(await load());
program.helpCommand(false).addCommand(helpCommand(program));

await program.parseAsync();
