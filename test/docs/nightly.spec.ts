import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..', '..');
const NIGHTLY = '.github/workflows/lab.yml';
/** Variables that lengthen a suite; seeds repeat one. */
const LENGTH = /process\.env\['((?:BOOKS|E2E|FC|FUZZ|HOSTILE|LOCAL_CLOUD)_\w+)'\]/g;

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

const suites = globSync('{apps,libs,test}/**/*.{spec,int-spec,e2e-spec,builder}.ts', {
  cwd: ROOT,
  exclude: (path) => /node_modules|dist/.test(path),
});

describe('the nightly workflow', () => {
  it('runs every suite at its full length', () => {
    const lengths = suites
      .flatMap((path) => [...read(path).matchAll(LENGTH)].map(([, name = '']) => name))
      .filter((name) => !name.endsWith('_SEED'));
    const set = [...read(NIGHTLY).matchAll(/^ +([A-Z_0-9]+): '/gm)].map(([, name]) => name);

    expect([...new Set(lengths)].filter((name) => !set.includes(name))).toEqual([]);
    expect(lengths).toContain('FUZZ_PUSHES');
  });

  it('names suites that exist', () => {
    const named = [...read(NIGHTLY).matchAll(/^ +suites: (.+)$/gm)]
      .flatMap(([, words = '']) => words.split(' '))
      .filter((word) => !word.startsWith('-'));

    expect(named.filter((part) => !suites.some((path) => path.startsWith(part)))).toEqual([]);
    expect(named).toContain('libs/schema-inference');
  });
});
