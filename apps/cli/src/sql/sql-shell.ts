import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';

/** Statements kept for the arrow keys. */
const HISTORY_LINES = 500;

export interface ShellOptions {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** File of earlier statements, one a line. */
  readonly historyFile: string;
  /** Runs a statement and prints its result or its error. */
  readonly run: (statement: string) => Promise<void>;
}

/**
 * Reads statements until the end of input, `exit` or `quit`: each ends in a semicolon and may go over several lines.
 */
export async function runShell({ input, output, historyFile, run }: ShellOptions): Promise<void> {
  const isTerminal = 'isTTY' in input && input.isTTY === true;
  const lines = createInterface({
    input,
    output,
    terminal: isTerminal,
    history: readHistory(historyFile),
    historySize: HISTORY_LINES,
    prompt: 'sql> ',
  });
  let statement = '';
  if (isTerminal) lines.prompt();
  for await (const line of lines) {
    if (statement === '' && /^\s*(exit|quit)\s*;?\s*$/i.test(line)) break;
    statement = statement === '' ? line : `${statement}\n${line}`;
    if (/;\s*$/.test(statement)) {
      await runOne(statement);
      statement = '';
    }
    if (isTerminal) {
      lines.setPrompt(statement.trim() === '' ? 'sql> ' : '  -> ');
      lines.prompt();
    }
  }
  if (statement.trim() !== '') await runOne(statement);
  lines.close();

  async function runOne(text: string): Promise<void> {
    const sql = text.replace(/;\s*$/, '').trim();
    if (sql === '') return;
    if (isTerminal) keep(historyFile, `${sql};`);
    await run(sql);
  }
}

/** The newest first, as readline has them. */
function readHistory(file: string): string[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8').split('\n').filter(Boolean).slice(-HISTORY_LINES).reverse();
}

function keep(file: string, statement: string): void {
  mkdirSync(dirname(file), { recursive: true });
  appendFileSync(file, `${statement.replaceAll('\n', ' ')}\n`, { mode: 0o600 });
}
