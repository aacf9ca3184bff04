import { createInterface } from 'node:readline/promises';
import { UsageError } from './exit-codes.js';

/** A question before something that costs, or that cannot be undone. */
export interface Question {
  /** A sentence that says what would happen. */
  readonly what: string;
  /** Does not ask. */
  readonly yes: boolean;
  /** Remedy if no one can be asked: stdin is not a terminal. */
  readonly otherwise: string;
}

/** @throws UsageError if the answer is no, or cannot be asked for */
export async function confirm({ what, yes, otherwise }: Question): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY) throw new UsageError(`${what} ${otherwise}`);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await lines.question(`${what} Go on? [y/N] `);
  lines.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new UsageError('Nothing was done.');
}
