import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { followLines, readLastLines } from './log-file.js';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-file-'));
  path = join(folder, 'service.log');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('readLastLines', () => {
  it.each([
    ['fewer lines than asked for', 'a\nb\n', ['a', 'b']],
    ['more lines than asked for', 'a\nb\nc\nd\n', ['b', 'c', 'd']],
    ['a last line without an end', 'a\nb', ['a', 'b']],
    ['nothing', '', []],
  ])('gives the end of a file with %s', (_case, text, expected) => {
    appendFileSync(path, text);

    expect(readLastLines(path, 3)).toEqual(expected);
  });
});

describe('followLines', () => {
  it('hands over whole lines only, each once', () => {
    appendFileSync(path, 'one\ntw');
    const lines: string[] = [];
    const stop = followLines(path, (line) => lines.push(line));

    appendFileSync(path, 'o\nthree\n');
    stop();

    expect(lines).toEqual(['one', 'two', 'three']);
  });
});
