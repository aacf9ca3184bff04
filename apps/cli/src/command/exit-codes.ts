import { BooksError, type BooksErrorCode } from '@pipeline/books';
import { CloudError } from '@pipeline/google-clients';

/**
 * Exit codes of commands. `FOUND`: it succeeded and found something to look at; `USAGE`: wrong arguments;
 * `SETUP`: an operator must grant or create something; `FAILED`: a service did not answer, so try again.
 */
export const EXIT = { OK: 0, FOUND: 1, USAGE: 2, SETUP: 3, FAILED: 4, INTERRUPTED: 130 } as const;

export const EXIT_CODES_HELP = [
  'Exit codes: 0 all is well, 1 found something to look at, 2 wrong arguments,',
  '3 something is missing or not allowed, 4 a service failed, 130 interrupted.',
].join('\n');

const BOOKS_EXITS: Readonly<Record<BooksErrorCode, number>> = {
  TOO_EXPENSIVE: EXIT.USAGE,
  NO_SUCH_TABLE: EXIT.SETUP,
  NO_SUCH_COLUMN: EXIT.SETUP,
};

/** A failure with its remedy in words, and the exit code. */
export interface Failure {
  readonly message: string;
  readonly exitCode: number;
}

/** Describes a failure for the user of a command. Total. */
export function describeFailure(cause: unknown, isLocal: boolean): Failure {
  if (cause instanceof UsageError) return { message: cause.message, exitCode: EXIT.USAGE };
  if (cause instanceof SetupError) return { message: cause.message, exitCode: EXIT.SETUP };
  if (cause instanceof BooksError) return { message: cause.message, exitCode: BOOKS_EXITS[cause.code] };
  if (cause instanceof CloudError) return describeCloudError(cause, isLocal);
  return { message: cause instanceof Error ? cause.message : String(cause), exitCode: EXIT.FAILED };
}

function describeCloudError({ code, disposition, message, service }: CloudError, isLocal: boolean): Failure {
  if (code === 'UNAVAILABLE' && isLocal)
    return { message: localCloudIsSilent(message).message, exitCode: EXIT.SETUP };
  if (code === 'TABLE_NOT_FOUND') {
    const remedy = 'Terraform makes the pipeline’s own tables, and --provision does in the local cloud.';
    return { message: `${message}. ${remedy}`, exitCode: EXIT.SETUP };
  }
  if (disposition === 'setup') {
    const remedy =
      code === 'DATASET_NOT_FOUND' ? ' Name another with --dataset, or create it: docs/DEPLOY.md.' : '';
    return { message: `${message}.${remedy}`.replace('..', '.'), exitCode: EXIT.SETUP };
  }
  return { message: `${service} failed: ${message}`, exitCode: EXIT.FAILED };
}

/** The command line asks for what cannot be. */
export class UsageError extends Error {}

/** An operator must grant, create or start something: the message says what. */
export class SetupError extends Error {}

/** @param words how the call to it failed */
export function localCloudIsSilent(words: string, cause?: unknown): SetupError {
  return new SetupError(
    `The local cloud does not answer (${words}). Is it running? npm start, or npm run local-cloud -- --provision`,
    { cause },
  );
}
