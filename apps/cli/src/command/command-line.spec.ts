import { describe, expect, it } from '@jest/globals';
import { commandWords, pipelineWords, quoted } from './command-line.js';

describe('a command of a hint', () => {
  it.each([
    ['npx pipeline', { npm_lifecycle_event: 'npx' }, '/clone/node_modules/.bin/pipeline'],
    ['npm run pipeline --', { npm_lifecycle_event: 'pipeline' }, '/clone/apps/cli/dist/main.js'],
    ['npx pipeline', { npm_lifecycle_event: 'start' }, '/clone/apps/cli/dist/main.js'],
    ['pipeline', {}, '/usr/local/bin/pipeline'],
    ['npx pipeline', {}, '/clone/apps/cli/dist/main.js'],
  ])('begins with %s', (words, environment, file) => {
    expect(pipelineWords(environment, ['node', file])).toBe(words);
  });

  it.each([
    [{}, 'npx pipeline audit'],
    [{ local: true }, 'npx pipeline audit --local'],
    [{ local: true, portBase: 20_000 }, 'npx pipeline audit --local --port-base 20000'],
    [
      { project: 'p', dataset: 'd', archiveDataset: 'a' },
      'npx pipeline audit --project p --dataset d --archive-dataset a',
    ],
  ])('names the pipeline by %j', (options, expected) => {
    expect(commandWords(options, {}, [])('audit')).toBe(expected);
  });

  it.each([
    ['a-1', 'a-1'],
    ['a b', "'a b'"],
    ["it's", String.raw`'it'\''s'`],
    ['$(id)', "'$(id)'"],
    ['', "''"],
  ])('quotes %j for a shell', (word, expected) => {
    expect(quoted(word)).toBe(expected);
  });
});
