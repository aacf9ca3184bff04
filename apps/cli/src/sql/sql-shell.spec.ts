import { describe, expect, it } from '@jest/globals';
import { PassThrough, Readable } from 'node:stream';
import { runShell } from './sql-shell.js';

async function statementsOf(text: string): Promise<string[]> {
  const statements: string[] = [];
  await runShell({
    input: Readable.from([text]),
    output: new PassThrough(),
    historyFile: '/nonexistent/history',
    run: (statement) => {
      statements.push(statement);
      return Promise.resolve();
    },
  });
  return statements;
}

describe('runShell', () => {
  it.each([
    ['statements over several lines', 'SELECT 1;\nSELECT\n  2;\n', ['SELECT 1', 'SELECT\n  2']],
    ['a last one without a semicolon', 'SELECT 1', ['SELECT 1']],
    ['nothing after exit', 'SELECT 1;\nexit\nSELECT 2;', ['SELECT 1']],
    ['no empty ones', ';\n\n;', []],
  ])('runs %s', async (_what, text, expected) => {
    expect(await statementsOf(text)).toEqual(expected);
  });
});
