import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { Command } from 'commander';
import { completionScript, SHELLS } from './completion-script.js';

function program(): Command {
  const letters = new Command('dead-letters')
    .summary('letters')
    .addCommand(new Command('show').summary("one message's").option('--payload', 'with its bytes'));
  const audit = new Command('audit').summary('books').option('-s, --since <time>', 'from here on');
  return new Command('tool').addCommand(letters).addCommand(audit);
}

/** The words that bash offers after these. */
function completed(...words: readonly string[]): string[] {
  const script = [
    completionScript('bash', program()),
    `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})`,
    `COMP_CWORD=${words.length - 1}`,
    '_tool_completion',
    String.raw`printf '%s\n' "${'$'}{COMPREPLY[@]}"`,
  ].join('\n');
  const { stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  if (stderr !== '') throw new Error(stderr);
  return stdout.split('\n').filter((line) => line !== '');
}

describe('completionScript', () => {
  it.each([
    [
      ['tool', ''],
      ['dead-letters', 'audit', '--help'],
    ],
    [['tool', 'a'], ['audit']],
    [['tool', 'dead-letters', 's'], ['show']],
    [['tool', 'dead-letters', 'show', '--p'], ['--payload']],
    [
      ['tool', 'audit', '--since', '7d', '--'],
      ['--since', '--help'],
    ],
  ])('completes %j in bash', (words, expected) => {
    expect(completed(...words)).toEqual(expected);
  });

  it.each(SHELLS)('names every command and option for %s', (shell) => {
    const script = completionScript(shell, program());
    for (const word of ['dead-letters', 'show', 'payload', 'audit', 'since']) expect(script).toContain(word);
  });

  it('quotes descriptions for fish', () => {
    expect(completionScript('fish', program())).toContain(String.raw`-a show -d 'one message\'s'`);
  });
});
