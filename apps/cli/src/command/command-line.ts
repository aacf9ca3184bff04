import { basename } from 'node:path';
import type { ConnectionOptions } from './connection.js';

/** Writes a complete command of `pipeline` that can be pasted: `explain 17` → `npx pipeline explain 17 --local`. */
export type CommandWords = (command: string) => string;

/** Commands in the way this process was started, with the options that name its pipeline. */
export function commandWords(
  { local, portBase, project, dataset, archiveDataset }: ConnectionOptions,
  environment: Readonly<Record<string, string | undefined>>,
  argv: readonly string[],
): CommandWords {
  const options = [
    ...(local === true ? ['--local'] : []),
    ...(portBase === undefined ? [] : ['--port-base', String(portBase)]),
    ...(project === undefined ? [] : ['--project', quoted(project)]),
    ...(dataset === undefined ? [] : ['--dataset', quoted(dataset)]),
    ...(archiveDataset === undefined ? [] : ['--archive-dataset', quoted(archiveDataset)]),
  ];
  const words = pipelineWords(environment, argv);
  return (command) => [words, command, ...options].join(' ');
}

/** `npx pipeline`, `npm run pipeline --`, or `pipeline` if it is installed under that name. */
export function pipelineWords(
  environment: Readonly<Record<string, string | undefined>>,
  argv: readonly string[],
): string {
  const script = environment['npm_lifecycle_event'];
  if (script === 'pipeline') return 'npm run pipeline --';
  return script === undefined && basename(argv[1] ?? '') === 'pipeline' ? 'pipeline' : 'npx pipeline';
}

/** A word as a POSIX shell reads it back. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
