import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';

interface Fault {
  readonly line: number;
  readonly message: string;
}

/** The checker is plain JavaScript that a bare `node` runs; a process of its own keeps it out of Jest's module registry. */
function faultsOf(text: string): Fault[] {
  const script = `
    import { findVoiceFaults } from './tools/voice/find-voice-faults.mjs';
    import { readFileSync } from 'node:fs';
    console.log(JSON.stringify(findVoiceFaults(readFileSync(0, 'utf8'))));`;
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
      input: text,
      encoding: 'utf8',
    }),
  ) as Fault[];
}

describe('the voice check', () => {
  it('accepts plain English with the subject first', () => {
    expect(faultsOf('/** Parses one push request. Returns null when the body is empty. */')).toEqual([]);
  });

  it.each(['What', 'Who', 'Where', 'How', 'Whether', 'That', 'Why', 'Which'])(
    'refuses a docstring that begins with %s',
    (word) => {
      expect(faultsOf(`const a = 1;\n/** ${word} is written here. */`)).toEqual([
        { line: 2, message: `docstring begins with "${word}": put the subject or the verb first` },
      ]);
    },
  );

  it('refuses a question word on the first line of a docstring of several lines', () => {
    expect(faultsOf('/**\n * What the server needs.\n * More of it.\n */')).toEqual([
      { line: 2, message: 'docstring begins with "What": put the subject or the verb first' },
    ]);
  });

  it('accepts a question word later in a docstring', () => {
    expect(faultsOf('/**\n * Returns the rows.\n * What is missing is null.\n */')).toEqual([]);
  });

  it.each([
    [
      'a word of a comment',
      '// somebody has to act',
      '"somebody": name the role: a caller, an operator, a person',
    ],
    ['a word of a string', "'the event was told twice'", '"told": say "reported", "returned" or "printed"'],
    ['a word beside a quote', "'a row was owed'", '"owed": say "pending" or "expected"'],
    ['a part of a camel-case name', 'const toldPlan = 1;', '"told": say "reported", "returned" or "printed"'],
    ['a part of a snake-case name', 'a_fate = 1', '"fate": say "outcome"'],
    ['a phrase', 'The event comes again.', '"comes again": say "is retried" or "is redelivered"'],
  ])('refuses %s', (_fact, text, message) => {
    expect(faultsOf(text)).toEqual([{ line: 1, message }]);
  });

  it('accepts words that only contain an avoided one', () => {
    expect(faultsOf('intelligent, history, the standstill, withANewWriter')).toEqual([]);
  });

  it('skips a line that quotes a word of another system', () => {
    expect(faultsOf("const RESERVED = ['fate']; // voice-ok: a word of the grammar")).toEqual([]);
  });
});
