import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const entries = readFileSync(join(ROOT, 'docs/SECURITY-TESTS.md'), 'utf8')
  .split('\n- **')
  .slice(1)
  .map((entry) => ({
    finding: /^([^*]+)\*\*/.exec(entry)?.[1] ?? '',
    tests: [...(entry.split('_Tests:_')[1] ?? '').matchAll(/`([^`\s]+\/[^`\s]+)`/g)].map(
      ([, path = '']) => path,
    ),
  }));

describe('the page of security tests', () => {
  it('has an entry for each finding of the review', () => {
    const named = entries.flatMap(({ finding }) => finding.match(/[HML]\d+/g) ?? []);
    const count = (letter: string, number: number): string[] =>
      Array.from({ length: number }, (_unused, index) => `${letter}${index + 1}`);

    expect([...new Set(named)].sort()).toEqual(
      [...count('H', 4), ...count('M', 8), ...count('L', 15)].sort(),
    );
  });

  it.each(entries)('names tests that exist: $finding', ({ tests }) => {
    expect(tests.length).toBeGreaterThan(0);
    expect(tests.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});
