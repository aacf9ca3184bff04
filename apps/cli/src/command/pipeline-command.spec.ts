import { describe, expect, it } from '@jest/globals';
import { pipelineCommand } from './pipeline-command.js';

describe('pipelineCommand', () => {
  it.each([
    ['pipeline audit --local', ['  pipeline audit --local']],
    ['pipeline audit --local   of npm start', ['  pipeline audit --local   # of npm start']],
    [
      'pipeline audit --deep --since 2026-11-22  rebuilds each value of this long period',
      ['  # rebuilds each value of this long period', '  pipeline audit --deep --since 2026-11-22'],
    ],
  ])('gives the example %j in lines that a shell takes as they are', (example, expected) => {
    expect(examplesOf(example)).toEqual(expected);
  });
});

/** The lines below `Examples:` in the help of a command with this example. */
function examplesOf(example: string): string[] {
  let help = '';
  pipelineCommand('audit', { summary: 'books', description: 'The books.', examples: [example] })
    .configureOutput({ writeOut: (text) => (help += text) })
    .outputHelp();
  const [, lines = ''] = /^Examples:\n((?: {2}.*\n)+)/m.exec(help) ?? [];
  return lines.trimEnd().split('\n');
}
