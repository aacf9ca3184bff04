import type { DestinationStream } from 'pino';

/**
 * Standard output for log lines, until its reader is gone.
 *
 * A reader that goes away (`service | head -1`, a parent that was killed) makes each write fail with EPIPE. The service
 * goes on without its log: it has events to finish, and signals still stop it. pino's own destination would repeat the
 * write for ever and block the process.
 */
export function standardOutput(): DestinationStream {
  output ??= createOutput();
  return output;
}

/** One for the process: each would listen for errors of the same stream. */
let output: DestinationStream | null = null;

function createOutput(): DestinationStream {
  let hasReader = true;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    hasReader = false;
  });
  return {
    write: (line) => {
      if (hasReader) process.stdout.write(line);
    },
  };
}
