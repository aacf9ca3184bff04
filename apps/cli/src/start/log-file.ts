import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const FOLLOW_MS = 200;
const TAIL_BYTES = 65_536;

/** The last lines of a log file, `count` at most. Limits: looks at its last 64 KiB. */
export function readLastLines(path: string, count: number): string[] {
  return readFrom(path, -TAIL_BYTES)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .slice(-count);
}

/**
 * Hands over each line of a log file soon after it was written.
 * @returns a function that hands over what is left and stops.
 */
export function followLines(path: string, onLine: (line: string) => void): () => void {
  let position = 0;
  let rest: Buffer = Buffer.alloc(0);
  const follow = (): void => {
    const chunk = readFrom(path, position);
    position += chunk.length;
    const text = Buffer.concat([rest, chunk]);
    const end = text.lastIndexOf('\n') + 1;
    rest = text.subarray(end);
    for (const line of text.toString('utf8', 0, end).split('\n').slice(0, -1)) onLine(line);
  };
  const timer = setInterval(follow, FOLLOW_MS).unref();
  return () => {
    clearInterval(timer);
    follow();
  };
}

/** The bytes from `start` to the end; a negative start counts from the end. */
function readFrom(path: string, start: number): Buffer {
  const descriptor = openSync(path, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const from = start < 0 ? Math.max(0, size + start) : start;
    const bytes = Buffer.alloc(Math.max(0, size - from));
    return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, from));
  } finally {
    closeSync(descriptor);
  }
}
