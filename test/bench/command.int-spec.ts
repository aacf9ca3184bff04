import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const script = fileURLToPath(new URL('../../bench/main.mjs', import.meta.url));

function bench(...words: readonly string[]): {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
} {
  return spawnSync(process.execPath, [script, ...words], { encoding: 'utf8' });
}

describe('the bench command', () => {
  it('explains itself and names its benchmarks', () => {
    const { status, stdout } = bench('--help');

    expect(status).toBe(0);
    expect(stdout).toContain('--json FILE');
    expect(stdout).toContain('inference');
  });

  it.each([
    ['a benchmark that is not there', ['nonsense'], 'There is no benchmark "nonsense"'],
    ['an option that is not there', ['--fast'], 'There is no option --fast'],
    ['--json without a file', ['inference', '--json'], '--json needs the name of a file'],
    ['--json before another option', ['--json', '--help'], '--json needs the name of a file'],
  ])('refuses %s with exit code 2', (_, words, message) => {
    const { status, stdout, stderr } = bench(...words);

    expect(status).toBe(2);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
  });
});
