import { Command } from 'commander';
import { nearestName } from '@pipeline/books';
import { EXIT } from './exit-codes.js';

/** `help dead-letters show`: the help of a command of any depth. Commander's own looks at the first word only. */
export function helpCommand(program: Command): Command {
  return new Command('help')
    .argument('[command...]')
    .description('display help for a command, for example: help dead-letters show')
    .action((words: readonly string[]) => {
      let found = program;
      for (const word of words) {
        const next = found.commands.find((command) => command.name() === word);
        if (next === undefined) unknown(found, word);
        else found = next;
      }
      found.outputHelp();
      process.exit(EXIT.OK);
    });
}

function unknown(parent: Command, word: string): never {
  const nearest = nearestName(
    word,
    parent.commands.map((command) => command.name()),
  );
  const hint = nearest === null ? '' : `; did you mean ${nearest}?`;
  console.error(`${parent.name()} has no command ${word}${hint}`);
  process.exit(EXIT.USAGE);
}
